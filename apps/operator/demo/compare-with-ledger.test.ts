import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openArchive } from '../../shared/archive/open-archive.ts';
import { writeGeneration } from '../../shared/testing/archive-writer.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { writeFleet } from '../../simulator/testing/simulated-fleet.ts';
import { compareWithLedger } from './compare-with-ledger.ts';

const NAME = 'error/mysql-error.log';
let fleet: string;
let archive: string;
let simulator: Simulator;

beforeAll(async () => {
  fleet = await writeFleet({
    [`same-1/${NAME}`]: 'one\ntwo\n',
    [`other-1/${NAME}`]: 'one\ntwo\n',
    [`none-1/${NAME}`]: 'x',
  });
  archive = await mkdtemp(join(tmpdir(), 'aurora-logs-compare-'));
  simulator = await startSimulator({ root: fleet });
  const opened = await openArchive(archive, { mode: 'write' });
  const write = async (instanceId: string, bytes: string) => {
    const where = { accountId: '123456789012', region: 'eu-west-1', resourceId: `db-${instanceId}` };
    const generation = { ...where, kind: 'error' as const, seq: 1 };
    await (await writeGeneration(opened, generation, { fileName: NAME, instanceId })).append(bytes);
  };
  await write('same-1', 'one\ntwo\n');
  await write('other-1', 'one\nTwo\n');
});
afterAll(async () => {
  await simulator.close();
  await rm(fleet, { recursive: true });
  await rm(archive, { recursive: true });
});

describe('compareWithLedger', () => {
  it('tells files that are the same from those that differ and those that are missing', async () => {
    const { different, ...counts } = await compareWithLedger(archive, simulator.url);
    expect(counts).toEqual({ filesCompared: 3, filesIdentical: 1, bytesCompared: 16 });
    expect([...different].sort()).toEqual([
      `none-1 ${NAME}: is not in the archive, 1 were offered`,
      `other-1 ${NAME}: generation 1 has 8 bytes, 8 were offered`,
    ]);
  });

  it('takes a damaged object for a difference', async () => {
    const objects = await readdir(archive, { recursive: true, withFileTypes: true });
    const slot = objects.find(
      (entry) => entry.isFile() && entry.parentPath.includes('db-same-1') && /^\d{16}$/.test(entry.name),
    );
    await writeFile(join(slot?.parentPath ?? '', slot?.name ?? ''), 'damaged');
    const { different, ...counts } = await compareWithLedger(archive, simulator.url);
    expect(counts).toMatchObject({ filesCompared: 3, filesIdentical: 0 });
    expect(different[0]).toMatch(/^the archive cannot be listed to its end: .*ARCHIVE_CORRUPT/);
  });
});
