import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Corpus } from './corpora.ts';
import { measure, type Usage } from './measure.ts';

/** Where the compiled form of a source file is, by its path in the repository. */
export type Compiled = (source: string) => string;

/** One thing that is measured. */
export interface Row {
  readonly name: string;
  /** `stage`: ours. `peer`: a program that people know, as a measure. */
  readonly type: 'stage' | 'peer';
  /** Least ratios to peers that we want. */
  readonly goals: Readonly<Record<string, number>>;
  readonly corpora: readonly Corpus['name'][];
  /** The program it needs beside Node.js, and the Debian package that brings it. */
  readonly needs?: { readonly program: string; readonly debian: string };
  /** Megabytes are counted of the cut corpus. */
  readonly cut?: true;
  run(corpus: Corpus, compiled: Compiled): Promise<Usage>;
}

const BOTH = ['slowquery', 'postgresql'] as const;
const BIN = fileURLToPath(new URL('../apps/operator/bin.mjs', import.meta.url));
const SIMULATOR_KEYS = {
  AWS_ACCESS_KEY_ID: 'simulator',
  AWS_SECRET_ACCESS_KEY: 'simulator',
  AWS_REGION: 'eu-central-1',
};

function stage(name: string, file: string, goals: Row['goals']): Row {
  return {
    name,
    type: 'stage',
    goals,
    corpora: BOTH,
    run: ({ path, fileName }, compiled) =>
      measure([process.execPath, compiled(`bench/stages/${file}.ts`), path, fileName]),
  };
}

function peer(name: string, debian: string, command: readonly [string, ...string[]]): Row {
  const needs = { program: command[0], debian };
  return { name, type: 'peer', goals: {}, corpora: BOTH, needs, run: ({ path }) => measure([...command, path]) };
}

export const ROWS: readonly Row[] = [
  peer('wc -l', 'coreutils', ['wc', '-l']),
  peer('zstd -1', 'zstd', ['zstd', '-1', '-c', '--single-thread']),
  peer('gzip -1', 'gzip', ['gzip', '-1', '-c']),
  {
    name: 'pt-query-digest',
    type: 'peer',
    goals: {},
    corpora: ['slowquery'],
    needs: { program: 'pt-query-digest', debian: 'percona-toolkit' },
    cut: true,
    run: ({ cut }) => measure(['pt-query-digest', '--type', 'slowlog', '--no-report', cut.path]),
  },
  stage('parse', 'parse', { 'zstd -1': 0.6 }),
  stage('parse + zstd', 'parse-compress', { 'zstd -1': 0.4 }),
  stage('archive + parse + zstd', 'archive-parse-compress', {}),
  { name: 'run --once', type: 'stage', goals: { 'zstd -1': 0.12 }, corpora: BOTH, run: measureRun },
];

/** The whole path over loopback: the simulator is a process of its own, on any core, and does not count. */
async function measureRun({ fleet }: Corpus, compiled: Compiled): Promise<Usage> {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-bench-run-'));
  const simulator = spawn(process.execPath, [BIN, 'simulate', '--root', fleet], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(simulator, 'exit');
  try {
    const endpoint = await firstLine(simulator.stdout, ended);
    const places = ['archive', 'records', 'state'].flatMap((name) => [`--${name}`, join(folder, name)]);
    const program = [process.execPath, compiled('bench/stages/command-line.ts')];
    const command = [...program, 'run', '--once', '--rds-endpoint', endpoint, ...places];
    return await measure(command, { env: SIMULATOR_KEYS });
  } finally {
    simulator.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  }
}

async function firstLine(stdout: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<string> {
  const line = once(createInterface({ input: stdout }), 'line') as Promise<[string]>;
  const first = await Promise.race([line, ended.then(() => undefined)]);
  const endpoint = /^listening (http\S+)/.exec(first?.[0] ?? '')?.[1];
  if (!endpoint) throw new Error(`The simulator did not start: ${first?.[0] ?? 'it ended'}`);
  return endpoint;
}
