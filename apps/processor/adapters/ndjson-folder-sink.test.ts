import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GenerationId } from '../../shared/log-file.ts';
import { recordStream } from '../../shared/streams.ts';
import {
  batchOf,
  describeRecordSink,
  newGeneration,
  type TestRecord,
} from '../../shared/testing/record-sink-contract.ts';
import { createNdjsonFolderSink } from './ndjson-folder-sink.ts';
import { sinkFailure } from './ndjson-folder-sink-failure.ts';
import { safeName } from './ndjson-folder-sink-files.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'ndjson-folder-sink-'));

async function recordsIn(root: string, { kind, resourceId, seq }: GenerationId): Promise<TestRecord[]> {
  const folder = join(root, recordStream(kind), 'shop-1');
  const names = await readdir(folder).catch(() => []);
  const mine = names.filter((name) => name.startsWith(`${resourceId}.${String(seq).padStart(6, '0')}.`));
  const texts = await Promise.all(mine.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter(Boolean)).map((text) => JSON.parse(text));
}

describeRecordSink('A folder', async () => {
  const root = await newFolder();
  return {
    sink: await createNdjsonFolderSink(root),
    found: (generation) => recordsIn(root, generation),
    close: () => rm(root, { recursive: true }),
  };
});

describeRecordSink('A folder that is opened anew for each batch', async () => {
  const root = await newFolder();
  return {
    sink: { deliver: async (batch) => (await createNdjsonFolderSink(root)).deliver(batch) },
    found: (generation) => recordsIn(root, generation),
    close: () => rm(root, { recursive: true }),
  };
});

describe('a folder of records', () => {
  let root: string;
  beforeEach(async () => {
    root = await newFolder();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('names files by stream, instance, generation and offset', async () => {
    const sink = await createNdjsonFolderSink(root);
    await sink.deliver(batchOf({ ...newGeneration(), resourceId: 'db-A' }, 1, 2, 'a'));
    expect(await readdir(join(root, 'aurora_mysql_slowquery', 'shop-1'))).toEqual([
      'db-A.000001.0000000000000003.ndjson',
    ]);
  });

  it.each([
    ['slowquery', 'aurora_mysql_slowquery'],
    ['error', 'aurora_mysql_error'],
    ['general', 'aurora_mysql_general'],
    ['audit', 'aurora_mysql_audit'],
    ['postgresql', 'aurora_postgresql'],
    ['other', 'aurora_other'],
  ] as const)('puts %s logs into %s', async (kind, stream) => {
    const sink = await createNdjsonFolderSink(root);
    await sink.deliver(batchOf({ ...newGeneration(), kind }, 0, 1, 'a'));
    expect(await readdir(root)).toEqual([stream]);
  });

  it('stays inside the folder whatever instances and resources are called', async () => {
    const records = join(root, 'records');
    const sink = await createNdjsonFolderSink(records);
    for (const hostile of ['../../escape', '..', '.', '/etc/passwd', 'a/b', 'a\0b', 'ä'.repeat(300), '']) {
      const batch = batchOf({ ...newGeneration(), resourceId: hostile }, 0, 1, 'a');
      await sink.deliver({ ...batch, instanceId: hostile });
    }
    expect(await readdir(root)).toEqual(['records']);
    expect(await readdir(records)).toEqual(['aurora_mysql_slowquery']);
    expect(await readdir(records, { recursive: true })).toHaveLength(1 + 2 * 8);
  });

  it('makes different names of different words, and leaves those that AWS allows', () => {
    const word = fc.string({ unit: 'binary', maxLength: 130 });
    fc.assert(fc.property(word, word, (a, b) => a === b || !a.isWellFormed() || safeName(a) !== safeName(b)));
    expect(safeName('aurora-mysql-1')).toBe('aurora-mysql-1');
    expect(safeName('db-ABCDEFGHIJKLMNOPQRSTUVWXYZ')).toBe('db-ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  });

  it('removes what a killed writer left half-written, of the same generation', async () => {
    const generation = newGeneration();
    const folder = join(root, 'aurora_mysql_slowquery', 'shop-1');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `.${generation.resourceId}.000001.0000000000000007.ndjson`), '{"log_off');
    const sink = await createNdjsonFolderSink(root);
    await sink.deliver(batchOf(generation, 0, 1, 'a'));
    expect(await readdir(folder)).toEqual([`${generation.resourceId}.000001.0000000000000000.ndjson`]);
  });

  it('cuts a file whose last record is longer than its tail that is read first', async () => {
    const generation = newGeneration();
    const long = (offset: number) =>
      `${JSON.stringify({ log_offset: offset, log_length: 10, body: 'x'.repeat(200_000) })}\n`;
    const batch = { ...batchOf(generation, 0, 1, 'a'), from: 0, to: 30 };
    await (await createNdjsonFolderSink(root)).deliver({
      ...batch,
      ndjson: Buffer.from([0, 10, 20].map(long).join('')),
    });
    const again = { ...batch, from: 20, ndjson: Buffer.from(long(20)) };
    await (await createNdjsonFolderSink(root)).deliver(again);
    expect((await recordsIn(root, generation)).map((record) => record.log_offset)).toEqual([0, 10, 20]);
  });

  it('is clearly refused where it cannot be a folder', async () => {
    await writeFile(join(root, 'file'), '');
    for (const path of [join(root, 'file'), join(root, 'file', 'below')]) {
      await expect(createNdjsonFolderSink(path)).rejects.toMatchObject({ code: 'FOLDER_UNREADABLE' });
    }
  });

  it('says so when it may not be written, and leaves nothing half-written', async () => {
    const sink = await createNdjsonFolderSink(root);
    await chmod(root, 0o500);
    // The superuser may write anywhere; for as long as this takes it is nobody.
    const superuser = process.getuid?.() === 0;
    if (superuser) process.seteuid?.(65534);
    try {
      await expect(sink.deliver(batchOf(newGeneration(), 0, 1, 'a'))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    } finally {
      if (superuser) process.seteuid?.(0);
      await chmod(root, 0o700);
    }
    expect(await readdir(root)).toEqual([]);
  });
});

describe('an error of the file system', () => {
  it.each([
    ['ENOSPC', 'SINK_FULL'],
    ['EDQUOT', 'SINK_FULL'],
    ['EROFS', 'ACCESS_DENIED'],
    ['EMFILE', 'SINK_UNAVAILABLE'],
    ['EIO', 'SINK_UNAVAILABLE'],
  ])('%s is %s', (code, expected) => {
    const cause = Object.assign(new Error(code), { code, syscall: 'write' });
    expect(sinkFailure('/records', cause)).toMatchObject({ code: expected, cause });
  });

  it('is not what a bug is', () => {
    const bug = new TypeError('undefined is not a function');
    expect(sinkFailure('/records', bug)).toBe(bug);
  });
});
