import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { writeFleet } from '../../simulator/testing/simulated-fleet.ts';
import { makeDemoFleet } from './demo-fleet.ts';

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

async function demoFleet(files: Record<string, string>, count: number): Promise<string> {
  const source = await writeFleet(files);
  made.push(source);
  const fleet = await makeDemoFleet(source, count);
  made.push(fleet);
  return fleet;
}

const described = async (fleet: string) => JSON.parse(await readFile(join(fleet, 'fleet.json'), 'utf8'));
const folders = async (fleet: string) => (await readdir(fleet)).filter((name) => name !== 'fleet.json').sort();

describe('makeDemoFleet', () => {
  const FILES = {
    'fleet.json': JSON.stringify({
      accountId: '123456789012',
      instances: {
        'orders-1': { cluster: 'orders', engine: 'aurora-mysql', resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
        'ledger-1': { cluster: 'ledger', engine: 'aurora-postgresql' },
      },
    }),
    'orders-1/slowquery/mysql-slowquery.log': 'of orders\n',
    'ledger-1/error/postgresql.log.2026-11-20-1800': 'of ledger\n',
  };

  it('gives clusters as many members as it takes, each with the logs and the description of its source', async () => {
    const fleet = await demoFleet(FILES, 5);
    expect(await folders(fleet)).toEqual(['ledger-1', 'ledger-2', 'ledger-3', 'orders-1', 'orders-2']);
    expect(await readFile(join(fleet, 'orders-2/slowquery/mysql-slowquery.log'), 'utf8')).toBe('of orders\n');
    const { accountId, instances } = await described(fleet);
    expect(accountId).toBe('123456789012');
    expect(instances['ledger-3']).toEqual({ cluster: 'ledger', engine: 'aurora-postgresql' });
    // A resource id is one instance's for ever.
    expect(instances['orders-1']).toEqual({ cluster: 'orders', engine: 'aurora-mysql' });
  });

  it('takes fewer instances than there are', async () => {
    expect(await folders(await demoFleet(FILES, 1))).toEqual(['ledger-1']);
  });

  it('infers clusters where nothing describes the fleet', async () => {
    const fleet = await demoFleet({ 'a-1/error/mysql-error.log': 'x\n', 'a-2/error/mysql-error.log': 'y\n' }, 3);
    expect(await folders(fleet)).toEqual(['a-1', 'a-2', 'a-3']);
    expect((await described(fleet)).instances['a-3']).toEqual({ cluster: 'a' });
  });

  it.each([
    ['a folder without any', { 'a file': '' }, 'FOLDER_UNREADABLE'],
    ['a wrong fleet.json', { 'fleet.json': '{', 'a-1/error/mysql-error.log': 'x\n' }, 'CONFIG_INVALID'],
  ])('makes no fleet of %s', async (_what, files, code) => {
    await expect(demoFleet(files, 3)).rejects.toMatchObject({ code });
  });

  it('makes no fleet of a folder that is not there', async () => {
    await expect(makeDemoFleet('/nowhere', 3)).rejects.toMatchObject({
      code: 'FOLDER_UNREADABLE',
      message: expect.stringContaining('/nowhere'),
    });
  });
});
