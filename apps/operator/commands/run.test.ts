import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookUp } from '../../shared/archive/catalog.ts';
import { openArchive } from '../../shared/archive/open-archive.ts';
import { readGeneration } from '../../shared/archive/read-chain.ts';
import { openEmbeddedPositions } from '../../shared/positions/embedded-positions.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { writeFleet } from '../../simulator/testing/simulated-fleet.ts';

const BIN = fileURLToPath(new URL('../bin.mjs', import.meta.url));
const AWS_VARIABLES = /^AWS_/;
const NOTICE = ' [Your log message was truncated]\n';

const statements = (count: number) =>
  Array.from(
    { length: count },
    (_, at) =>
      `# Time: 2026-11-21T03:00:00.000000Z\n# User@Host: app[app] @  [10.0.0.1]  Id: ${at}\n# Query_time: 0.1  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 1\nSET timestamp=1795230000;\nselect ${at};\n`,
  ).join('');
const HEADER =
  '/rdsdbbin/oscar/bin/mysqld, Version: 8.0.28 (Source distribution). started with:\nTcp port: 3306  Unix socket: /tmp/mysql.sock\nTime                 Id Command    Argument\n';

/** Everything that a file can hold or be named and a careless reader would change. */
const AWKWARD: Readonly<Record<string, string | Uint8Array>> = {
  'orders-1/slowquery/mysql-slowquery.log': HEADER + statements(3000),
  'orders-1/slowquery/mysql-slowquery.log.2026-11-21.01': HEADER,
  'orders-1/error/mysql-error.log': '',
  'orders-1/error/mysql-error-running.log': 'one\r\ntwo\r\n\r\nlone \r return\r\n',
  'orders-1/general/mysql-general.log': Buffer.from('a\0b\n\0\0\n\x1b[31mred\x07\n'),
  'orders-1/audit/audit.log.0.2026-11-21-01-00.0': Buffer.from('invalid \xff\xfe\xc3( \xed\xa0\x80\n', 'latin1'),
  'orders-1/audit/audit.log.1.2026-11-21-01-00.0': 'a line\nno final newline',
  'orders-1/instance/a name with spaces & <signs> "quoted" \'too\'.log': 'odd name\n',
  'orders-1/instance/100%+plus#hash?query;semicolon.log': 'odder name\n',
  'orders-1/instance/naïve-日本語.log': 'name beyond ASCII\n',
  'ledger-1/error/postgresql.log.2026-11-21-0100': `short\n${'x'.repeat(5_000_000)}\nshort\n`,
  'ledger-1/error/postgresql.log.2026-11-21-0200': `looks cut\n${NOTICE}${NOTICE}and goes on\n${NOTICE}`,
  'ledger-1/error/postgresql.log.2026-11-21-0300': '&lt;&amp;amp;&#10;&bogus;]]></LogFileData><Marker>1:2</Marker>\n',
  'ledger-1/error/postgresql.log.2026-11-21-0400': randomBytes(300_000),
};

let root: string;
let simulator: Simulator;
let fleet: string;
let made = 0;

/** Paths of a run's own, none of which is there yet. */
function places() {
  made += 1;
  const at = (name: string) => join(root, `${made}-${name}`);
  return { archive: at('archive'), records: at('records'), state: at('state') };
}

type Places = ReturnType<typeof places>;

function startRun(where: Places, args: readonly string[], env: Record<string, string> = {}) {
  const { archive, records, state } = where;
  const all = ['run', '--archive', archive, '--records', records, '--state', state, ...args];
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !AWS_VARIABLES.test(name)));
  return spawn(process.execPath, [BIN, ...all], { env: { ...clean, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(where: Places, args: readonly string[], env?: Record<string, string>) {
  const child = startRun(where, args, env);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await closed) as [number | null];
  return { code, stdout, stderr };
}

const runOnce = (where: Places, ...args: string[]) => run(where, ['--rds-endpoint', simulator.url, '--once', ...args]);

/** Every file of an archive, by `<instance>/<newest name>`. */
async function restoreAll(archive: string): Promise<Map<string, Buffer>> {
  const opened = await openArchive(archive, { mode: 'read' });
  const files = new Map<string, Buffer>();
  for await (const series of opened.series()) {
    for (const registration of await opened.registrations(series)) {
      const { generation, names } = await lookUp(opened, series, registration);
      const parts: Buffer[] = [];
      for await (const { bytes } of readGeneration(opened, generation)) parts.push(bytes);
      files.set(`${registration.instanceId}/${names.at(-1)?.fileName}`, Buffer.concat(parts));
    }
  }
  return files;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function expectSame(archived: Map<string, Buffer>, offered: typeof AWKWARD): void {
  expect([...archived.keys()].sort()).toEqual(Object.keys(offered).sort());
  const different = Object.entries(offered).filter(([name, bytes]) => !archived.get(name)?.equals(Buffer.from(bytes)));
  expect(different.map(([name]) => name)).toEqual([]);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aurora-logs-run-'));
  fleet = await writeFleet(AWKWARD);
  simulator = await startSimulator({ root: fleet });
});
afterAll(async () => {
  await simulator.close();
  await rm(root, { recursive: true });
  await rm(fleet, { recursive: true });
});

describe('run --once', () => {
  it('archives every byte of every file, parses what it can, and does nothing new the second time', async () => {
    const where = places();
    const first = await runOnce(where);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^2 instances, 14 files: 5\.9 MB archived in \d+\.\d s\.\n$/);
    expectSame(await restoreAll(where.archive), AWKWARD);
    const slow = await filesBelow(join(where.records, 'aurora_mysql_slowquery', 'orders-1'));
    const records = (await Promise.all(slow.map((path) => readFile(path, 'utf8')))).join('').trimEnd().split('\n');
    const parsed = records.map((line) => JSON.parse(line)).filter((record) => record.parse_reason === undefined);
    expect(new Set(parsed.map((record) => record.db_query_text)).size).toBe(3000);
    expect(parsed).toHaveLength(3000);

    const objects = (await filesBelow(where.archive)).sort();
    const again = await runOnce(where);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/^2 instances, 14 files: 0 B archived/);
    expect((await filesBelow(where.archive)).sort()).toEqual(objects);
  });

  it('prints JSON lines with the summary last', async () => {
    const { code, stdout, stderr } = await runOnce(places(), '--instances', 'orders-*', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({ message_type: 'version', version: 1, command: 'run' });
    const bytes = Object.entries(AWKWARD)
      .filter(([name]) => name.startsWith('orders-1/'))
      .reduce((sum, [, content]) => sum + Buffer.byteLength(content), 0);
    const done = { instances: 1, files: 10, bytesListed: bytes, bytesArchived: bytes, undone: [] };
    expect(lines.at(-1)).toMatchObject({ message_type: 'summary', ...done });
  });

  it('does all of its work although the reader of its output leaves', async () => {
    const where = places();
    const child = startRun(where, ['--rds-endpoint', simulator.url, '--once', '--json']);
    const stderr = text(child.stderr);
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await stderr).toBe('');
    expectSame(await restoreAll(where.archive), AWKWARD);
  });

  it('ends with 143 at SIGTERM, tears nothing, and goes on from there', async () => {
    const slow = await startSimulator({ root: fleet, faults: { slowRate: 1, slowMs: 40 } });
    try {
      const where = places();
      const child = startRun(where, ['--rds-endpoint', slow.url, '--once', '--concurrency', '2']);
      const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
      while ((await filesBelow(where.archive).catch(() => [])).length < 4) await sleep(5);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([143, null]);
      expect(await stderr).toBe('Stopping after the slot at hand …\n');
      expect(await stdout).toBe('');
      const before = await restoreAll(where.archive);
      expect(before.size).toBeLessThan(Object.keys(AWKWARD).length);
      for (const [name, bytes] of before) {
        expect(bytes.equals(Buffer.from(AWKWARD[name] ?? '').subarray(0, bytes.length))).toBe(true);
      }
      expect(await runOnce(where)).toMatchObject({ code: 0, stderr: '' });
      expectSame(await restoreAll(where.archive), AWKWARD);
    } finally {
      await slow.close();
    }
  });
});

describe('run cannot begin, says why in one message, and archives nothing', () => {
  async function expectRefusal(
    args: readonly string[],
    expected: { code: number; says: RegExp },
    env?: Record<string, string>,
    where = places(),
  ) {
    const { code, stdout, stderr } = await run(where, args, env);
    expect({ code, stdout }).toEqual({ code: expected.code, stdout: '' });
    expect(stderr).toMatch(expected.says);
    const said = stderr.trimEnd().split('\n');
    expect(said.filter((line) => /^error: /.test(line))).toHaveLength(1);
    expect(said.filter((line) => /^ {4}at /.test(line))).toEqual([]);
    return where;
  }
  const objectsIn = (where: Places) => filesBelow(where.archive).catch(() => []);

  it('with credentials that are not accepted', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'somebody', AWS_SECRET_ACCESS_KEY: 'else' };
    const expected = { code: 12, says: /^error: AWS does not accept the credentials.*\(CREDENTIALS_INVALID\)\n$/ };
    expect(await objectsIn(await expectRefusal(['--rds-endpoint', simulator.url, '--once'], expected, env))).toEqual(
      [],
    );
  });

  it('with an instance that is not there, and names those that may have been meant', async () => {
    const args = ['--rds-endpoint', simulator.url, '--instances', 'order-1'];
    const says = /^error: None of the 2 instances is named like order-1\. Did you mean orders-1\?.*\(NOT_FOUND\)\n$/;
    await expectRefusal(args, { code: 10, says });
  });

  it('while another run has the state', async () => {
    const where = places();
    const positions = await openEmbeddedPositions(where.state);
    const args = ['--rds-endpoint', simulator.url, '--once'];
    await expectRefusal(args, { code: 11, says: /state folder .* is in use by another aurora-logs/ }, {}, where);
    await positions.close();
  });

  it('with a file where a folder belongs', async () => {
    for (const place of ['archive', 'records', 'state'] as const) {
      const where = places();
      await writeFile(where[place], 'a file');
      const args = ['--rds-endpoint', simulator.url, '--once'];
      await expectRefusal(args, { code: 17, says: new RegExp(`${where[place]}.*FOLDER_UNREADABLE`) }, {}, where);
      expect(await readFile(where[place], 'utf8')).toBe('a file');
    }
  });

  it.each([
    ['an unknown flag', ['--wat'], /unknown option '--wat'/],
    ['a concurrency of 0', ['--concurrency', '0'], /--concurrency takes a number of at least 1, not "0"/],
    ['an interval that is no number', ['--interval', 'soon'], /--interval takes a number of at least 0, not "soon"/],
    ['an endpoint that is no URL', ['--rds-endpoint', 'nonsense'], /--rds-endpoint takes a URL/],
    ['no region', [], /No AWS region is set/],
  ])('with %s', async (_what, args, says) => {
    const where = await expectRefusal(args, { code: 2, says });
    for (const path of Object.values(where)) await expect(readdir(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('at an endpoint where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const args = ['--rds-endpoint', `http://127.0.0.1:${port}`, '--once'];
    const expected = { code: 13, says: /^error: RDS does not answer.*ECONNREFUSED.*\(UPSTREAM_UNAVAILABLE\)\n$/ };
    expect(await objectsIn(await expectRefusal(args, expected))).toEqual([]);
  });
});
