import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeDBLogFilesCommand } from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import { withSimulator, writeFleetFile } from './testing/simulated-fleet.ts';

const ACTIVE = 'slowquery/mysql-slowquery.log';

describe('a folder that changes', () => {
  it('is seen as it is, with one generation per physical file', async () => {
    await withSimulator({ [`a/${ACTIVE}`]: 'first\n' }, {}, async ({ simulator, client, root }) => {
      const list = async () => {
        const answer = await client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'a' }));
        return answer.DescribeDBLogFiles?.map((file) => `${file.LogFileName} ${file.Size}`);
      };
      expect(await list()).toEqual([`${ACTIVE} 6`]);
      await rename(join(root, `a/${ACTIVE}`), join(root, `a/${ACTIVE}.2026-01-01.00`));
      await writeFleetFile(root, `a/${ACTIVE}`, 'second, longer\n');
      expect(await list()).toEqual([`${ACTIVE} 15`, `${ACTIVE}.2026-01-01.00 6`]);
      await rm(join(root, `a/${ACTIVE}.2026-01-01.00`));
      expect(await list()).toEqual([`${ACTIVE} 15`]);
      const { generations, totals } = await simulator.ledger();
      expect(generations.map((entry) => entry.names.map(({ name }) => name))).toEqual([
        [ACTIVE, `${ACTIVE}.2026-01-01.00`],
        [ACTIVE],
      ]);
      expect(generations[0]).toMatchObject({ size: 6, sha256: null, kind: 'slowquery', deletedAt: expect.any(Number) });
      expect(totals).toMatchObject({ instances: 1, generations: 2, bytes: 21, deleted: 1, growing: false });
    });
  });
});
