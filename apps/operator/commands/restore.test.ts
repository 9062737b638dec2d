import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { slotKey } from '../../shared/archive/keys.ts';
import { openArchive } from '../../shared/archive/open-archive.ts';
import type { GenerationId } from '../../shared/log-file.ts';
import { writeGeneration } from '../../shared/testing/archive-writer.ts';

const BIN = fileURLToPath(new URL('../bin.mjs', import.meta.url));
const SLOW = 'slowquery/mysql-slowquery.log';
const HOUR = 3_600_000;
const DAY = Date.parse('2026-11-21T00:00:00Z');

interface Ran {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

describe('restore', () => {
  let root: string;
  const awkward = Buffer.concat([Buffer.from('a\r\n\0\xff no newline at the end', 'latin1'), randomBytes(300_000)]);
  const id = (resourceId: string, kind: GenerationId['kind'], seq: number): GenerationId => ({
    accountId: '123456789012',
    region: 'eu-west-1',
    resourceId,
    kind,
    seq,
  });

  async function restore(...args: string[]): Promise<Ran> {
    const child = spawn(process.execPath, [BIN, 'restore', '--archive', root, ...args]);
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
    return { code: await closed, stdout, stderr };
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'aurora-logs-restore-'));
    const archive = await openArchive(root, { mode: 'write' });
    for (const seq of [1, 2, 3]) {
      const file = { fileName: SLOW, registeredAt: DAY + seq * HOUR };
      await (await (await writeGeneration(archive, id('db-AAA', 'slowquery', seq), file)).append(`hour ${seq}`)).end();
      await archive.addName(id('db-AAA', 'slowquery', seq), {
        fileName: `${SLOW}.2026-11-21.0${seq}`,
        seenAt: DAY + (seq + 1) * HOUR,
      });
    }
    const error = await writeGeneration(archive, id('db-AAA', 'error', 1), { fileName: 'error/mysql-error.log' });
    await error.append(awkward.subarray(0, 1000));
    await error.append(awkward.subarray(1000));
    const empty = await writeGeneration(archive, id('db-AAA', 'audit', 1), { fileName: 'audit/audit.log.0' });
    await empty.end();
    const lost = await writeGeneration(archive, id('db-AAA', 'audit', 2), { fileName: 'audit/audit.log.1' });
    await (await lost.append('kept')).lose(96, 'deleted at the source');
    const grown = { fileName: 'audit/audit.log.2', registeredAt: DAY };
    await (await (await writeGeneration(archive, id('db-AAA', 'audit', 3), grown)).append('first,')).end();
    const later = { ...grown, registeredAt: DAY + HOUR, continues: { seq: 3, offset: 6 } };
    await (await writeGeneration(archive, id('db-AAA', 'audit', 4), later)).append('second');
    const general = await writeGeneration(archive, id('db-AAA', 'general', 1), {
      fileName: 'general/mysql-general.log',
    });
    await (await general.append('bytes that RDS took back')).seal('bytes that count');
    const reborn = { fileName: `${SLOW}.2026-11-21.09`, registeredAt: DAY };
    for (const resource of ['db-AAA', 'db-BBB']) {
      const seq = resource === 'db-AAA' ? 4 : 1;
      await (await writeGeneration(archive, id(resource, 'slowquery', seq), reborn)).append(resource);
    }
    const big = { fileName: 'general/big.log', instanceId: 'big-1' };
    const bigFile = await writeGeneration(archive, id('db-BIG', 'general', 1), big);
    for (let slot = 0; slot < 4; slot++) await bigFile.append(Buffer.alloc(8 * 1024 * 1024, `slot ${slot}\n`));
    const broken = { fileName: 'error/mysql-error.log', instanceId: 'broken-1' };
    await (await writeGeneration(archive, id('db-BROKEN', 'error', 1), broken)).append('to be damaged');
    await writeFile(join(root, slotKey(id('db-BROKEN', 'error', 1), 0)), 'not a slot');
  });
  afterAll(() => rm(root, { recursive: true }));

  it('writes the exact bytes of a file, and says that it is still open', async () => {
    const { code, stdout, stderr } = await restore('orders-1', 'error/mysql-error.log');
    expect({ code, same: stdout.equals(awkward) }).toEqual({ code: 0, same: true });
    expect(stderr).toBe(`The file is still open: ${awkward.length} bytes are archived so far.\n`);
  });

  it('takes the resource id in place of the instance', async () => {
    const { stdout } = await restore('db-BBB', `${SLOW}.2026-11-21.09`);
    expect(stdout.toString()).toBe('db-BBB');
  });

  it('finds a file by the name that it was given later', async () => {
    const { code, stdout, stderr } = await restore('orders-1', `${SLOW}.2026-11-21.02`);
    expect({ code, stdout: stdout.toString(), stderr }).toEqual({ code: 0, stdout: 'hour 2', stderr: '' });
  });

  it('restores an empty file as empty', async () => {
    const { code, stdout } = await restore('orders-1', 'audit/audit.log.0');
    expect({ code, length: stdout.length }).toEqual({ code: 0, length: 0 });
  });

  it('gives a file that grew after it was closed as one', async () => {
    expect((await restore('orders-1', 'audit/audit.log.2')).stdout.toString()).toBe('first,second');
    const early = await restore('orders-1', 'audit/audit.log.2', '--at', '2026-11-21T00:30:00Z');
    expect(early.stdout.toString()).toBe('first,second');
  });

  it('gives the sealed copy where there is one', async () => {
    const { stdout, stderr } = await restore('orders-1', 'general/mysql-general.log');
    expect({ stdout: stdout.toString(), stderr }).toEqual({ stdout: 'bytes that count', stderr: '' });
  });

  it('gives what is left of a file with lost bytes, and says that it is not complete', async () => {
    const { code, stdout, stderr } = await restore('orders-1', 'audit/audit.log.1');
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 3, stdout: 'kept' });
    expect(stderr).toBe('Not complete: bytes 4 to 100 were lost at the source (deleted at the source).\n');
  });

  it('lists the generations that had a name, each with a command that restores it', async () => {
    const { code, stdout, stderr } = await restore('orders-1', SLOW);
    expect({ code, length: stdout.length }).toEqual({ code: 2, length: 0 });
    const commands = [...stderr.matchAll(/aurora-logs (restore .*?) {3}# first seen (\S+), 6 bytes, closed/g)];
    expect(commands.map((match) => match[2])).toEqual([1, 2, 3].map((seq) => `2026-11-21T0${seq}:00:00.000Z`));
    const args = commands[1]?.[1]?.split(' ') ?? [];
    const { stdout: restored } = await run(args);
    expect(restored).toBe('hour 2');
  });

  it('tells instances apart that had the same name one after the other', async () => {
    const { code, stderr } = await restore('orders-1', `${SLOW}.2026-11-21.09`);
    expect(code).toBe(2);
    const commands = [...stderr.matchAll(/aurora-logs (restore .*?) {3}#/g)].map((match) => match[1]?.split(' ') ?? []);
    const restored = await Promise.all(commands.map(async (args) => (await run(args)).stdout));
    expect(restored.sort()).toEqual(['db-AAA', 'db-BBB']);
  });

  it.each([
    ['2026-11-21T01:00:00Z', 'hour 1'],
    ['2026-11-21T02:59:59Z', 'hour 2'],
    ['2027-01-01', 'hour 3'],
  ])('gives the file that had the name at %s', async (at, expected) => {
    expect((await restore('orders-1', SLOW, '--at', at)).stdout.toString()).toBe(expected);
  });

  it.each([
    ['a time before all', ['orders-1', SLOW, '--at', '2020-01-01'], 10, /There are:\n.*--generation 1/],
    ['a generation that is not there', ['orders-1', SLOW, '--generation', '9'], 10, /There are:\n.*--generation 1/],
    ['an unknown instance', ['order-1', SLOW], 10, /instance order-1\. Did you mean orders-1\?/],
    ['an unknown file', ['orders-1', 'error/mysql-eror.log'], 10, /Did you mean error\/mysql-error\.log\?/],
    ['no file', ['orders-1'], 2, /Name the instance and the file/],
    ['a wrong time', ['orders-1', SLOW, '--at', 'yesterday'], 2, /--at yesterday is not a time/],
    ['a wrong number', ['orders-1', SLOW, '--generation', '0'], 2, /--generation 0/],
    ['damage', ['broken-1', 'error/mysql-error.log'], 14, /damaged/],
  ])('refuses %s with one clear message', async (_what, args, expected, message) => {
    const { code, stdout, stderr } = await restore(...args);
    expect({ code, length: stdout.length }).toEqual({ code: expected, length: 0 });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('lists what there is, for people and as JSON lines with a summary at the end', async () => {
    const plain = (await restore('--list', 'orders-1')).stdout.toString();
    expect(plain).toMatch(/^orders-1 +slowquery +2 +6 +closed +slowquery\/mysql-slowquery\.log, .*\.02$/m);
    const { code, stdout } = await restore('--list', '--json', 'orders-1', 'audit/audit.log.1');
    const lines = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines.map((line) => line.message_type)).toEqual(['version', 'item', 'summary']);
    expect(lines[1]).toMatchObject({ instance: 'orders-1', generation: 2, bytes: 4, state: 'lost' });
    expect(lines[2]).toMatchObject({ files: 1, bytes: 4 });
  });

  it('survives a reader that is slow, and one that leaves', async () => {
    const target = `'${process.execPath}' '${BIN}' restore --archive '${root}' big-1 general/big.log`;
    const slow = await shell(`${target} | (sleep 1; wc -c)`);
    expect(slow.stdout.trim()).toBe(String(32 * 1024 * 1024));
    const left = await shell(`{ ${target}; echo "code $?" >&2; } | head -c 7`);
    expect(left.stdout).toBe('slot 0\n');
    expect(left.stderr).toBe('code 0\n');
    const full = await shell(`${target} > /dev/full; echo "code $?" >&2`);
    expect(full.stderr).toMatch(/^error: The output could not be written \(ENOSPC.*\(OUTPUT_FAILED\)\ncode 15\n$/);
  });
});

function run(args: string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [BIN, ...args], (error, stdout, stderr) =>
      error ? reject(error) : resolve({ stdout, stderr }),
    );
  });
}

function shell(script: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', script], (_error, stdout, stderr) => resolve({ stdout, stderr }));
  });
}
