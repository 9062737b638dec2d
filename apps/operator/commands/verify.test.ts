import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createNdjsonFolderSink } from '../../processor/adapters/ndjson-folder-sink.ts';
import { slotKey } from '../../shared/archive/keys.ts';
import { openArchive } from '../../shared/archive/open-archive.ts';
import type { GenerationId } from '../../shared/log-file.ts';
import { openEmbeddedPositions } from '../../shared/positions/embedded-positions.ts';
import { writeGeneration } from '../../shared/testing/archive-writer.ts';

const BIN = fileURLToPath(new URL('../bin.mjs', import.meta.url));
const FILE_NAME = 'error/mysql-error.log';

describe('verify', () => {
  let root: string;
  let state: string;
  const generation: GenerationId = {
    accountId: '123456789012',
    region: 'eu-west-1',
    resourceId: 'db-AAA',
    kind: 'error',
    seq: 1,
  };

  beforeEach(async () => {
    // Odd on purpose: what is printed as a command has to be one.
    root = join(await mkdtemp(join(tmpdir(), 'aurora-logs-verify-command-')), "the team's");
    state = join(root, 'state');
    const archive = await openArchive(join(root, 'archive'), { mode: 'write' });
    await (await (await writeGeneration(archive, generation, { fileName: FILE_NAME })).append('one line\n')).end();
    const sink = await createNdjsonFolderSink(join(root, 'records'));
    const ndjson = Buffer.from('{"log_offset":0,"log_length":9}\n');
    await sink.deliver({ generation, instanceId: 'orders-1', from: 0, to: 9, records: 1, rawRecords: 0, ndjson });
    await (await openEmbeddedPositions(state)).close();
  });
  afterEach(() => rm(join(root, '..'), { recursive: true }));

  async function verify(...args: string[]) {
    const places = ['--archive', join(root, 'archive'), '--state', state, '--records', join(root, 'records')];
    const child = spawn(process.execPath, [BIN, 'verify', ...places, ...args]);
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await closed, stdout, stderr };
  }

  it('ends with 0 and says what it found when all is well', async () => {
    const { code, stdout } = await verify();
    expect(stdout).toMatch(/^ok +orders-1 error\/mysql-error\.log generation 1 closed: listed 9, archived 9, parsed 9/);
    expect(stdout).toMatch(/1 files: 9 B listed.*1 records and 0 raw ones.*\nNo problems were found\.\n$/);
    expect(code).toBe(0);
  });

  it('ends with 4, names the object and the next command when something is wrong', async () => {
    const path = join(root, 'archive', slotKey(generation, 0));
    await writeFile(path, 'damaged');
    const { code, stdout } = await verify();
    expect(stdout).toContain(`corrupt: ${path} is damaged`);
    expect(stdout).toContain(`aurora-logs verify --archive '${root.replace("'", "'\\''")}/archive'`);
    expect(code).toBe(4);
  });

  it('prints JSON lines with the summary last', async () => {
    const { code, stdout } = await verify('--json');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((line) => line.message_type !== 'status');
    expect(lines.map((line) => line.message_type)).toEqual(['version', 'item', 'summary']);
    expect(lines.at(-1)).toMatchObject({ files: 1, bytesListed: 9, bytesArchived: 9, bytesParsed: 9, problems: 0 });
    expect(code).toBe(0);
  });

  it.each([
    ['an archive that is not there', ['--archive', '/nowhere'], 10, /no archive in \/nowhere/],
    ['a state that is not there', ['--state', '/nowhere'], 10, /no state in \/nowhere/],
    ['records that are not there', ['--records', '/nowhere'], 10, /no folder of records \/nowhere/],
    ['an RDS endpoint that is no URL', ['--rds-endpoint', 'nonsense'], 2, /--rds-endpoint takes a URL/],
  ])('could not look, and says why, with %s', async (_what, args, expected, message) => {
    const { code, stdout, stderr } = await verify(...args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('could not look while another process has the state', async () => {
    const positions = await openEmbeddedPositions(state);
    const { code } = await verify();
    await positions.close();
    expect(code).toBe(11);
  });
});
