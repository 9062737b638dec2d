#!/usr/bin/env node
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `aurora-logs needs Node.js 22.18 or newer, this is ${process.version}.\nRun it as "npx aurora-logs" after "npm ci": that uses the Node.js the project pins.\n`,
  );
  process.exitCode = 2;
} else {
  // Most of a short command's time is compiling what it loads: done once per version of it.
  module.enableCompileCache();
  const { main } = await import('./main.ts');
  await main(process.argv);
}
