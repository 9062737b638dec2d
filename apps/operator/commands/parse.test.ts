import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { FAILURES, type FailureCode } from '../../shared/failure.ts';
import { addParse } from './parse.ts';

const BIN = fileURLToPath(new URL('../bin.mjs', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../../processor/parsers/fixtures/', import.meta.url));
const SLOW = ['parse', '--type', 'aurora-mysql-slowquery'];

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...args]);
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, stdout, stderr };
}

async function refusal(args: readonly string[]): Promise<{ code?: FailureCode; message?: string }> {
  const program = new Command('aurora-logs').exitOverride().configureOutput({ writeErr: () => undefined });
  addParse(program);
  return program.parseAsync(['node', 'aurora-logs', ...args]).then(
    () => ({}),
    (error) => error,
  );
}

describe('parse', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aurora-parse-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('prints a JSON object per record, and how many there were on stderr', async () => {
    const { code, stdout, stderr } = await run([...SLOW, join(FIXTURES, 'slowquery-aurora.log')]);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toHaveLength(9);
    expect(records[1]).toMatchObject({ user_name: 'shop-app', log_type: 'slowquery', log_offset: 170 });
    expect(stderr).toMatch(/^9 records, 4 of them raw, from 2050 bytes in /);
    expect(code).toBe(0);
  });

  test('reads standard input, with the prefix that it is given', async () => {
    const { stdout } = await run(
      ['parse', '--type', 'aurora-postgresql-stderr', '--prefix', '<%u> ', '-'],
      '<someone> ERROR:  no\n',
    );
    expect(JSON.parse(stdout)).toMatchObject({ user_name: 'someone', severity_text: 'ERROR', body: 'no' });
  });

  test('prints nothing for an empty file', async () => {
    const file = join(folder, 'empty.log');
    await writeFile(file, '');
    expect(await run([...SLOW, file])).toMatchObject({ code: 0, stdout: '' });
  });

  test('keeps its memory bounded when the reader is slow, and stops when it leaves', async () => {
    const file = join(folder, 'large.log');
    const entries = await readFile(join(FIXTURES, 'slowquery-aurora.log'));
    await writeFile(file, Buffer.concat(Array.from({ length: 20_000 }, () => entries)));
    const child = spawn(process.execPath, [BIN, ...SLOW, file]);
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    await new Promise((resolve) => child.stdout.once('readable', resolve));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    expect(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(200_000);
    child.stdout.destroy();
    expect(await closed).toBe(0);
  });

  test.each<[why: string, args: string[], code: FailureCode, exitCode: number]>([
    ['a type that is not known', ['parse', '--type', 'syslog', 'x'], 'USAGE', 2],
    ['a prefix for a log without one', [...SLOW, '--prefix', '%t', 'x'], 'USAGE', 2],
    ['a file that is not there', [...SLOW, 'no/such.log'], 'NOT_FOUND', 10],
    ['a folder', [...SLOW, tmpdir()], 'USAGE', 2],
  ])('refuses %s', async (_why, args, code, exitCode) => {
    const error = await refusal(args);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/\.$/);
    expect(FAILURES[code].exitCode).toBe(exitCode);
  });
});
