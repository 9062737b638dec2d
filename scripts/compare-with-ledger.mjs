#!/usr/bin/env node
// Restores every file that a simulator ever offered, by the command line alone, and compares it with the simulator's ledger.
// Shares no code with the product, so that both cannot be wrong in the same way.
//
//   node scripts/compare-with-ledger.mjs ARCHIVE http://127.0.0.1:PORT
//
// Prints one JSON document: filesCompared, filesIdentical, bytesCompared, different (a sentence per file). Of an archive
// that is too damaged to be listed, what is listed before the damage is compared, and the rest is missing.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const AURORA_LOGS = fileURLToPath(new URL('../apps/operator/bin.mjs', import.meta.url));
const [archive, url] = process.argv.slice(2);

const { generations } = await (await fetch(new URL('/ledger', url))).json();
const listing = spawnSync(process.execPath, [AURORA_LOGS, 'restore', '--archive', archive, '--list', '--json'], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});
const archived = listing.stdout
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line))
  .filter((line) => line.message_type === 'item');

/** What was offered, and which of the files with its last name it must be: for a name in use, the newest. */
function generationOf({ instanceId, names }) {
  const name = names.at(-1).name;
  const same = archived.filter((file) => file.instance === instanceId && file.fileNames.includes(name));
  const current = same.filter((file) => file.fileNames.at(-1) === name);
  return { name, generation: Math.max(...(current.length > 0 ? current : same).map((file) => file.generation)) };
}

function restore(instanceId, name, generation) {
  const args = ['restore', '--archive', archive, instanceId, name, '--generation', String(generation)];
  const child = spawn(process.execPath, [AURORA_LOGS, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const hash = createHash('sha256');
  let bytes = 0;
  child.stdout.on('data', (chunk) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  return new Promise((resolve) => child.on('close', () => resolve({ bytes, sha256: hash.digest('hex') })));
}

const outcome = { filesCompared: 0, filesIdentical: 0, bytesCompared: 0, different: [] };
if (listing.status !== 0) outcome.different.push(`the archive cannot be listed to its end: ${listing.stderr.trim()}`);

async function compare(entry) {
  const { name, generation } = generationOf(entry);
  const restored = Number.isFinite(generation) ? await restore(entry.instanceId, name, generation) : undefined;
  outcome.filesCompared += 1;
  outcome.bytesCompared += restored?.bytes ?? 0;
  if (restored?.sha256 === entry.sha256) outcome.filesIdentical += 1;
  else {
    const found = restored ? `generation ${generation} has ${restored.bytes} bytes` : 'is not in the archive';
    outcome.different.push(`${entry.instanceId} ${name}: ${found}, ${entry.size} were offered`);
  }
}

const queue = generations.values();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (const entry of queue) await compare(entry);
  }),
);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
