import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createNdjsonFolderSink } from '../../processor/adapters/ndjson-folder-sink.ts';
import { sealedKey, slotKey } from '../../shared/archive/keys.ts';
import { openArchive } from '../../shared/archive/open-archive.ts';
import type { DbInstance, GenerationId } from '../../shared/log-file.ts';
import type { Archive } from '../../shared/ports/archive.ts';
import type { LogSource } from '../../shared/ports/log-source.ts';
import type { GenerationPosition, Positions } from '../../shared/ports/positions.ts';
import { chunkSlot } from '../../shared/testing/archive-contract.ts';
import { writeGeneration } from '../../shared/testing/archive-writer.ts';
import { createMemoryPositions } from '../../shared/testing/memory-positions.ts';
import { listRecordFiles } from './check-records.ts';
import type { FileReport, VerifySummary } from './findings.ts';
import { openSourceListing } from './source-listing.ts';
import { verifyArchive } from './verify-archive.ts';

const NAME = 'slowquery/mysql-slowquery.log';
const signal = new AbortController().signal;

describe('verifyArchive', () => {
  let root: string;
  let archive: Archive;
  let positions: Positions;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'aurora-logs-verify-'));
    archive = await openArchive(join(root, 'archive'), { mode: 'write' });
    positions = createMemoryPositions();
    await mkdir(join(root, 'records'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const generation = (seq = 1): GenerationId => ({
    accountId: '123456789012',
    region: 'eu-west-1',
    resourceId: 'db-AAA',
    kind: 'slowquery',
    seq,
  });
  const objectPath = (key: string) => join(root, 'archive', key);

  /** Two lines, in two slots, are 12 bytes. */
  const write = (seq = 1, fileName = NAME) =>
    writeGeneration(archive, generation(seq), { fileName })
      .then((file) => file.append('first\n'))
      .then((file) => file.append('other\n'));

  async function remember(position: Partial<GenerationPosition>): Promise<void> {
    await positions.save(generation(), {
      seq: 1,
      fileName: NAME,
      state: 'open',
      end: 12,
      chain: '',
      marker: '',
      indexed: 12,
      records: 2,
      rawRecords: 1,
      listedSize: 12,
      lastWritten: 0,
      changedAt: 0,
      ...position,
    });
  }

  /** Delivers records of these lengths, the last of them raw. */
  async function deliver(from: number, lengths: readonly number[], seq = 1): Promise<void> {
    const sink = await createNdjsonFolderSink(join(root, 'records'));
    let to = from;
    const lines = lengths.map((length, index) => {
      const record = { log_offset: to, log_length: length, body: '"log_offset":99' };
      to += length;
      return `${JSON.stringify(index === lengths.length - 1 ? { ...record, parse_reason: 'header' } : record)}\n`;
    });
    const counts = { records: lengths.length, rawRecords: 1 };
    const ndjson = Buffer.from(lines.join(''));
    await sink.deliver({ generation: generation(seq), instanceId: 'orders-1', from, to, ...counts, ndjson });
  }

  async function verify(options: { records?: boolean; listed?: Record<string, number> } = {}) {
    const files: FileReport[] = [];
    const source = options.listed && (await openSourceListing(listing(options.listed), () => true, signal));
    const summary: VerifySummary = await verifyArchive(
      {
        archive,
        positions,
        signal,
        ...(options.records ? { records: await listRecordFiles(join(root, 'records')) } : {}),
        ...(source ? { source } : {}),
      },
      { file: (file) => files.push(file), bytes: () => undefined },
    );
    return { summary, files, problems: files.flatMap((file) => file.problems) };
  }

  it('finds nothing wrong with an archive that has every byte, and counts them', async () => {
    await (await write()).end();
    await remember({ state: 'closed' });
    await deliver(0, [6, 6]);
    const { summary, problems } = await verify({ records: true, listed: { [NAME]: 12 } });
    expect(problems).toEqual([]);
    expect(summary).toEqual({
      files: 1,
      bytesListed: 12,
      bytesArchived: 12,
      bytesParsed: 12,
      bytesLost: 0,
      bytesDuplicated: 0,
      recordsParsed: 1,
      recordsRaw: 1,
      problems: 0,
    });
  });

  it('takes an empty archive for what it is', async () => {
    expect((await verify({ records: true })).summary).toMatchObject({ files: 0, problems: 0 });
  });

  it('reports declared loss as a problem, with the reason and the bytes', async () => {
    await (await write()).lose(88, 'deleted at the source');
    const { summary, problems } = await verify();
    expect(problems).toEqual([
      { kind: 'lost', message: 'bytes 12 to 100 were lost: deleted at the source', from: 12, to: 100 },
    ]);
    expect(summary).toMatchObject({ bytesListed: 100, bytesArchived: 12, bytesLost: 88 });
  });

  it('finds bytes that were listed and are neither archived nor lost', async () => {
    await write();
    await remember({ listedSize: 30 });
    const missing = { kind: 'missing', from: 12, to: 30 };
    expect((await verify()).problems).toMatchObject([missing]);
    expect((await verify({ listed: { [NAME]: 30 } })).problems).toMatchObject([missing]);
    expect((await verify({ listed: { [NAME]: 12 } })).problems).toEqual([]);
  });

  it('finds files that the archive does not know, of kinds it knows and of others', async () => {
    await write();
    const { files, summary } = await verify({
      listed: { [NAME]: 12, [`${NAME}.2026-11-21.02`]: 7, 'error/mysql-error.log': 9 },
    });
    expect(files.slice(1).map(({ fileName, problems }) => [fileName, problems[0]?.kind])).toEqual([
      [`${NAME}.2026-11-21.02`, 'missing'],
      ['error/mysql-error.log', 'missing'],
    ]);
    expect(summary).toMatchObject({ files: 3, bytesListed: 28, bytesArchived: 12, problems: 2 });
  });

  it('finds a file that was taken for another one, which RDS lists beside it', async () => {
    await write();
    await archive.addName(generation(), { fileName: `${NAME}.2026-11-21.02`, seenAt: 1 });
    const listed = { [NAME]: 5, [`${NAME}.2026-11-21.02`]: 12 };
    expect((await verify({ listed })).files).toMatchObject([
      { generation: 1, problems: [] },
      { generation: 0, fileName: NAME, bytesListed: 5, problems: [{ kind: 'missing' }] },
    ]);
    expect((await verify({ listed: { ...listed, [NAME]: 12 } })).problems).toEqual([]);
  });

  it('finds files that the positions remember and the archive lost', async () => {
    await remember({});
    const { files } = await verify();
    expect(files).toMatchObject([
      { generation: 1, bytesListed: 12, bytesArchived: 0, problems: [{ kind: 'missing' }] },
    ]);
  });

  it('finds positions that are ahead of the archive', async () => {
    await write();
    await rm(objectPath(slotKey(generation(), 6)));
    await remember({ listedSize: 0 });
    expect((await verify()).problems).toMatchObject([{ kind: 'position-ahead', from: 6, to: 12 }]);
  });

  it('finds a gap, and counts what is there on both sides', async () => {
    await (await write()).append('third\n');
    await rm(objectPath(slotKey(generation(), 6)));
    const { summary, problems } = await verify();
    expect(problems).toMatchObject([{ kind: 'gap', from: 6, to: 12 }]);
    expect(summary).toMatchObject({ bytesArchived: 12 });
  });

  it('finds bytes that are in two slots', async () => {
    await write();
    await archive.putSlot(generation(), chunkSlot(generation(), 9, Buffer.from('er\nmore')), Buffer.from('er\nmore'));
    const { summary, problems } = await verify();
    expect(problems).toMatchObject([{ kind: 'overlap', from: 9, to: 12 }]);
    expect(summary).toMatchObject({ bytesArchived: 16, bytesDuplicated: 3 });
  });

  it('finds slots behind the end', async () => {
    const file = await write();
    await file.lose(8, 'deleted');
    await archive.putSlot(generation(), chunkSlot(generation(), 20, Buffer.from('x')), Buffer.from('x'));
    expect((await verify()).problems).toMatchObject([{ kind: 'stray', from: 20 }, { kind: 'lost' }]);
  });

  it('finds a damaged slot, names its object, and goes on', async () => {
    await (await write()).append('third\n');
    const path = objectPath(slotKey(generation(), 6));
    const object = await readFile(path);
    await writeFile(path, object.subarray(0, -3));
    const { summary, problems } = await verify();
    expect(problems).toMatchObject([{ kind: 'corrupt', from: 6, to: 12 }]);
    expect(problems[0]?.message).toContain(path);
    expect(summary).toMatchObject({ bytesListed: 18, bytesArchived: 12 });
    await writeFile(path, 'nothing is left');
    expect((await verify()).problems).toMatchObject([
      { kind: 'corrupt', from: 6 },
      { kind: 'gap', from: 6, to: 12 },
    ]);
  });

  it('does not guess what is missing behind a slot that cannot say where it ended', async () => {
    await write();
    await remember({});
    await writeFile(objectPath(slotKey(generation(), 6)), 'nothing is left');
    expect((await verify({ records: true })).problems).toMatchObject([{ kind: 'corrupt', from: 6 }]);
  });

  it('finds a slot of another file in the place of one', async () => {
    await write();
    await write(2, `${NAME}.2`);
    await rename(objectPath(slotKey(generation(2), 6)), objectPath(slotKey(generation(), 6)));
    expect((await verify()).problems).toMatchObject([{ kind: 'chain-broken', from: 6 }]);
  });

  it('counts the sealed copy in place of the chain, and finds damage in it', async () => {
    await (await (await write()).seal('what RDS has whole')).end();
    await remember({ sealedSize: 18 });
    expect(await verify()).toMatchObject({ problems: [], summary: { bytesArchived: 18, bytesListed: 18 } });
    await writeFile(objectPath(sealedKey(generation(), 0)), 'damaged');
    expect((await verify()).problems).toMatchObject([{ kind: 'corrupt' }]);
  });

  it('counts the bytes of a file that grew after it was closed once', async () => {
    await (await write()).end();
    const later = await writeGeneration(archive, generation(2), { fileName: NAME, continues: { seq: 1, offset: 12 } });
    await later.append('third\n');
    await deliver(0, [6, 6]);
    await deliver(12, [6], 2);
    expect(await verify({ records: true, listed: { [NAME]: 18 } })).toMatchObject({
      problems: [],
      summary: { files: 2, bytesListed: 18, bytesArchived: 18, bytesParsed: 18, bytesDuplicated: 0 },
    });
  });

  it('finds a file that was archived as two generations', async () => {
    const text = 'select 1;\n'.repeat(200);
    const names = [NAME, `${NAME}.2026-11-21.02`, `${NAME}.2026-11-21.03`];
    for (const [index, fileName] of names.entries()) {
      await (await writeGeneration(archive, generation(index + 1), { fileName })).append(
        `${index < 2 ? '' : '#'}${text}`,
      );
    }
    const { summary, problems } = await verify();
    expect(problems).toMatchObject([{ kind: 'archived-twice', from: 0, to: 2000 }]);
    expect(summary).toMatchObject({ bytesDuplicated: 2000 });
  });

  it('does not take equal files of different names for one', async () => {
    const text = 'select 1;\n'.repeat(200);
    for (const [index, fileName] of [
      'audit/audit.log.1.2026-11-21-01-00',
      'audit/audit.log.2.2026-11-21-01-00',
    ].entries()) {
      await (await writeGeneration(archive, generation(index + 1), { fileName })).append(text);
    }
    expect((await verify()).problems).toEqual([]);
  });

  describe('with records', () => {
    it('finds bytes in no record, between records and at the end of a closed file', async () => {
      await (await write()).end();
      await deliver(0, [2]);
      await deliver(5, [3]);
      expect((await verify({ records: true })).problems).toMatchObject([
        { kind: 'record-gap', from: 2, to: 5 },
        { kind: 'record-gap', from: 2, to: 12 },
      ]);
    });

    it('lets the last record of an open file wait, but not what was remembered as delivered', async () => {
      await write();
      await deliver(0, [6]);
      await remember({ indexed: 6 });
      expect((await verify({ records: true })).problems).toEqual([]);
      await remember({ indexed: 12 });
      expect((await verify({ records: true })).problems).toMatchObject([{ kind: 'record-gap', from: 6, to: 12 }]);
    });

    it('finds records that overlap, end behind the archive, or are none', async () => {
      await (await write()).end();
      await deliver(0, [6, 6, 4]);
      const stray = join(
        root,
        'records',
        'aurora_mysql_slowquery',
        'renamed-1',
        'db-AAA.000001.0000000000000006.ndjson',
      );
      await mkdir(dirname(stray), { recursive: true });
      await writeFile(stray, '{"log_offset":6,"log_length":6}\n{"log_off');
      const { problems, summary } = await verify({ records: true });
      expect(problems.map(({ kind, from, to }) => [kind, from, to])).toEqual([
        ['record-overlap', 6, 16],
        ['record-invalid', undefined, undefined],
        ['record-invalid', 12, 16],
      ]);
      expect(summary).toMatchObject({ recordsParsed: 3, recordsRaw: 1 });
    });

    it('counts the problems that it does not list', async () => {
      await write();
      const path = join(root, 'records', 'aurora_mysql_slowquery', 'orders-1', 'db-AAA.000001.0000000000000000.ndjson');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, 'no record\n'.repeat(500));
      const { problems } = await verify({ records: true });
      expect(problems).toHaveLength(21);
      expect(problems.at(-1)?.message).toBe('480 more problems in this file');
    });
  });

  it('stops between files when it is told to', async () => {
    await write();
    const observer = { file: ({ fileName }: FileReport) => fail(fileName), bytes: () => undefined };
    const aborted = AbortSignal.abort();
    expect(await verifyArchive({ archive, positions, signal: aborted }, observer)).toMatchObject({ files: 0 });
  });
});

function fail(what: string): never {
  throw new Error(`unexpected: ${what}`);
}

/** RDS with one instance that lists these files. */
function listing(files: Record<string, number>): LogSource {
  const instance: DbInstance = {
    accountId: '123456789012',
    region: 'eu-west-1',
    resourceId: 'db-AAA',
    instanceId: 'orders-1',
    clusterId: 'orders',
    engine: 'aurora-mysql',
    status: 'available',
    tags: {},
  };
  const unused = () => {
    throw new Error('verify only lists');
  };
  return {
    instances: async () => [instance],
    files: async () => Object.entries(files).map(([name, size]) => ({ name, size, lastWritten: 0 })),
    parameters: unused,
    portion: unused,
    whole: unused,
  };
}
