import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { makeInstance } from '../scripts/fleet/make-instance.ts';

/** One log file to measure with, in a fleet of its own. */
export interface Corpus {
  readonly name: 'slowquery' | 'postgresql';
  /** Folder of the fleet that holds nothing but this file's instance. */
  readonly fleet: string;
  readonly path: string;
  /** As RDS shows it. */
  readonly fileName: string;
  readonly bytes: number;
  /** The first megabytes, for programs that would take minutes for the whole file. */
  readonly cut: { readonly path: string; readonly bytes: number };
}

const CACHE = fileURLToPath(new URL('../node_modules/.cache/aurora-logs-bench/', import.meta.url));
const CUT_BYTES = 10_000_000;
/** All of a corpus is told as one hour, so that it is one file. */
const HOUR = { from: Date.parse('2026-11-20T21:00:00Z'), to: Date.parse('2026-11-20T22:00:00Z') };

const SOURCES = {
  slowquery: { engine: 'aurora-mysql', kinds: ['slowquery'], fileName: 'slowquery/mysql-slowquery.log' },
  postgresql: {
    engine: 'aurora-postgresql',
    kinds: ['postgresql'],
    fileName: 'error/postgresql.log.2026-11-20-2100',
  },
} as const;

/** The corpora of at least `mb` megabytes each, made by real servers where the cache does not hold them yet. */
export async function prepareCorpora(mb: number, note: (text: string) => void): Promise<Corpus[]> {
  const corpora: Corpus[] = [];
  for (const name of Object.keys(SOURCES) as (keyof typeof SOURCES)[]) {
    const fleet = join(CACHE, `${mb}mb`, name);
    if (!existsSync(fleet)) {
      note(`Making ${mb} MB of ${name} log with a real server; later runs use it again.`);
      await makeCorpus(name, mb, fleet);
    }
    corpora.push(await openCorpus(name, fleet));
  }
  return corpora;
}

/** Appears under its name only when it is complete. */
async function makeCorpus(name: keyof typeof SOURCES, mb: number, fleet: string): Promise<void> {
  const { engine, kinds } = SOURCES[name];
  const unfinished = `${fleet}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const instance = { instanceId: 'bench-1', clusterId: 'bench', role: 'writer', weight: 1, seed: 1 } as const;
  await makeInstance({
    plan: { ...instance, engine, kinds },
    folder: join(unfinished, 'bench-1'),
    bytes: mb * 1.2e6, // What is rewritten to Aurora's layout is shorter than what MariaDB writes.
    told: HOUR,
  });
  rmSync(join(unfinished, 'bench-1', 'error', 'mysql-error-running.log'), { force: true });
  renameSync(unfinished, fleet);
}

async function openCorpus(name: keyof typeof SOURCES, fleet: string): Promise<Corpus> {
  const { fileName } = SOURCES[name];
  const path = join(fleet, 'bench-1', fileName);
  const bytes = statSync(path).size;
  const cutPath = `${fleet}-cut.log`;
  if (!existsSync(cutPath)) await cutRecords(path, cutPath);
  return { name, fleet, path, fileName, bytes, cut: { path: cutPath, bytes: statSync(cutPath).size } };
}

/** Copies the first megabytes up to the end of a record. */
async function cutRecords(from: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true });
  const lines = createInterface({ input: createReadStream(from, 'latin1') });
  await pipeline(
    async function* () {
      let bytes = 0;
      for await (const line of lines) {
        if (bytes >= CUT_BYTES && /^# Time: |^\d{4}-/.test(line)) break;
        bytes += line.length + 1;
        yield Buffer.from(`${line}\n`, 'latin1');
      }
    },
    createWriteStream(`${to}.unfinished`),
  );
  renameSync(`${to}.unfinished`, to);
}
