#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `aurora-logs needs Node.js 22.18 or newer, this is ${process.version}.\nRun it as "npx aurora-logs" after "npm ci": that uses the Node.js the project pins.\n`,
  );
  process.exitCode = 2;
} else {
  const { main } = await import('./main.ts');
  await main(process.argv);
}
