#!/usr/bin/env node
// Kills the pipeline at random moments over a fleet that writes and rotates, then lets it run to the end, and compares every
// restored file with what the fleet wrote. Uses the command line alone.
//
//   node scripts/proof/kills.mjs [--kills N] [--seconds N] [--rate MB/s] [--seed N]
//
// The last line is JSON: kills, killsAtWork, bytesGenerated, filesCompared, filesIdentical, problems, seconds.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const kills = Number(values.kills);
const seconds = Number(values.seconds);
const startedAt = Date.now();

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const AURORA_LOGS = file('../../apps/operator/bin.mjs');
const FLEET = file('../../apps/simulator/sample-fleet');
const COMPARE = file('../compare-with-ledger.mjs');
const work = mkdtempSync(join(tmpdir(), 'aurora-logs-kills-'));
const at = (name) => join(work, name);
const say = (text) => process.stderr.write(`${text}\n`);

const live = ['--live', '--seconds', values.seconds, '--rate', values.rate, '--rotate-every', String(seconds / 4)];
const faults = ['--lying-pending', '0.05', '--truncate', '0.01', '--repeat-bytes', '0.01', '--missing-during-rotation'];
const simulate = ['simulate', '--root', FLEET, '--seed', values.seed, ...live, ...faults];
const simulator = spawn(process.execPath, [AURORA_LOGS, ...simulate], { stdio: ['ignore', 'pipe', 'inherit'] });
const [first] = await once(createInterface({ input: simulator.stdout }), 'line');
const url = first.replace('listening ', '');
const totals = async () => (await (await fetch(`${url}/ledger`)).json()).totals;
const objects = () => {
  try {
    return readdirSync(join(at('archive'), 'v1'), { recursive: true }).length;
  } catch {
    return 0;
  }
};

const folders = ['--archive', at('archive'), '--records', at('records'), '--state', at('state')];
const run = (...more) => {
  const args = [AURORA_LOGS, 'run', ...folders, '--rds-endpoint', url, '--close-after', '5', ...more];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
};

const result = { kills: 0, killsAtWork: 0, bytesGenerated: 0, filesCompared: 0, filesIdentical: 0, problems: [] };
try {
  for (let kill = 0; kill < kills; kill += 1) {
    const before = objects();
    const child = run('--interval', '0.5', '--due-after', '0.5');
    // Every fifth dies while it starts, the others in the middle of work, however slow the machine is.
    const starts = kill % 5 === 4;
    for (const since = Date.now(); !starts && objects() === before && Date.now() - since < 30_000; ) await sleep(50);
    await sleep(Math.random() * (starts ? 1000 : 2000));
    child.kill('SIGKILL');
    await once(child, 'exit');
    result.kills += 1;
    if (child.signalCode === 'SIGKILL' && objects() > before) result.killsAtWork += 1;
    say(`kill ${kill + 1} of ${kills}: ${objects()} objects in the archive`);
  }
  while ((await totals()).growing) await sleep(500);
  const last = run('--once');
  const [code] = await once(last, 'exit');
  if (code !== 0) result.problems.push(`run --once ended with ${code}`);
  result.bytesGenerated = (await totals()).bytes;
  const compared = await promisify(execFile)(process.execPath, [COMPARE, at('archive'), url], { maxBuffer: 1 << 28 });
  const { filesCompared, filesIdentical, different } = JSON.parse(compared.stdout);
  Object.assign(result, { filesCompared, filesIdentical });
  result.problems.push(...different);
  try {
    const verify = ['verify', '--archive', at('archive'), '--state', at('state'), '--records', at('records')];
    execFileSync(process.execPath, [AURORA_LOGS, ...verify], { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 28 });
  } catch (error) {
    result.problems.push(...error.stdout.split('\n').filter((line) => /PROBLEM|^ {4}/.test(line)));
  }
} finally {
  simulator.kill();
  if (result.problems.length === 0) rmSync(work, { recursive: true });
  else say(`kept ${work}, seed ${values.seed}`);
}
process.stdout.write(
  `${JSON.stringify({ ...result, seed: Number(values.seed), seconds: (Date.now() - startedAt) / 1000 })}\n`,
);
process.exitCode = result.problems.length === 0 ? 0 : 4;
