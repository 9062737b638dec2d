import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { measure } from '../../bench/measure.ts';

/**
 * Makes a slow log of 3 GB out of the sample fleet's, serves it by the simulator, archives and parses it by one
 * `run --once` under GNU time, and restores it. Prints one JSON document; its schema is in proofs.ts.
 */
const LOG_BYTES = 3_000_000_000;
/** The log, its records as NDJSON, the archive. */
const NEEDED_BYTES = 5 * LOG_BYTES;
const [INSTANCE, FILE] = ['large-1', 'slowquery/mysql-slowquery.log'];

const AURORA_LOGS = fileURLToPath(new URL('../../apps/operator/bin.mjs', import.meta.url));
const SAMPLE_FLEET = fileURLToPath(new URL('../../apps/simulator/sample-fleet/', import.meta.url));

/** The slow logs of all instances, one after the other, again and again up to a line's end behind `LOG_BYTES`. */
function writeLargeLog(path: string): { bytes: number; sha256: string } {
  const names = readdirSync(SAMPLE_FLEET, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('slowquery/mysql-slowquery.log'),
  );
  const block = Buffer.concat(names.sort().map((name) => readFileSync(join(SAMPLE_FLEET, name))));
  const hash = createHash('sha256');
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  let bytes = 0;
  while (bytes < LOG_BYTES) {
    hash.update(block);
    for (let at = 0; at < block.length; ) at += writeSync(file, block, at);
    bytes += block.length;
  }
  closeSync(file);
  return { bytes, sha256: hash.digest('hex') };
}

async function restoredSha256(archive: string): Promise<string> {
  const args = [AURORA_LOGS, 'restore', '--archive', archive, INSTANCE, FILE];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const hash = createHash('sha256');
  for await (const chunk of child.stdout) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function withSimulator<T>(root: string, use: (url: string) => Promise<T>): Promise<T> {
  const args = [AURORA_LOGS, 'simulate', '--root', root];
  const simulator = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(createInterface({ input: simulator.stdout }), 'line')) as [string];
    return await use(line.replace('listening ', ''));
  } finally {
    simulator.kill();
  }
}

async function prove(work: string) {
  const log = writeLargeLog(join(work, 'fleet', INSTANCE, FILE));
  const [archive, records, state] = [join(work, 'archive'), join(work, 'records'), join(work, 'state')];
  const folders = ['--archive', archive, '--records', records, '--state', state];
  const used = await withSimulator(join(work, 'fleet'), (url) =>
    measure([process.execPath, AURORA_LOGS, 'run', '--once', '--rds-endpoint', url, ...folders]),
  );
  const sha256 = await restoredSha256(archive);
  const verify = [AURORA_LOGS, 'verify', '--json', '--archive', archive, '--state', state, '--records', records];
  const verified = execFileSync(process.execPath, verify, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const { bytesArchived, bytesParsed, bytesDuplicated, problems } = JSON.parse(
    verified.trim().split('\n').at(-1) ?? '',
  );
  return {
    bytesWritten: log.bytes,
    ...{ bytesArchived, bytesParsed, bytesDuplicated, problems },
    identical: sha256 === log.sha256,
    peakRssMb: Math.round(used.peakRssBytes / 1e6),
    megabytesPerSecond: Math.round(log.bytes / 1e6 / used.wallSeconds),
  };
}

const work = mkdtempSync(join(tmpdir(), 'aurora-logs-large-'));
try {
  const { bavail, bsize } = await statfs(work);
  if (bavail * bsize < NEEDED_BYTES) throw new Error(`${tmpdir()} has no ${NEEDED_BYTES / 1e9} GB free; set TMPDIR.`);
  process.stdout.write(`${JSON.stringify(await prove(work))}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
