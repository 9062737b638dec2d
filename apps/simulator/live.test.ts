import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DownloadDBLogFilePortionCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import type { LedgerContent } from './ledger.ts';
import type { Simulator } from './simulator.ts';
import { signedRequest, withSimulator } from './testing/simulated-fleet.ts';

const HEADER = '/usr/sbin/mysqld, Version: 8.0 started with:\nTcp port: 3306\nTime Id Command Argument\n';
const SLOW = Array.from({ length: 200 }, (_, index) => `# Time: ${index}\n# User@Host: u\nSELECT ${index};\n`).join('');
const POSTGRES = Array.from({ length: 200 }, (_, index) => `2026-01-01 00:00:00 UTC::@:[1]:LOG:  said ${index}\n`).join(
  '',
);
const AUDIT = Array.from(
  { length: 100 },
  (_, index) => `170381781007${1000 + index},h,u,h,1,2,QUERY,,'SELECT 1',0\n`,
).join('');
const FLEET = {
  'm-1/slowquery/mysql-slowquery.log': `${HEADER}${SLOW}`,
  'm-1/audit/audit.log.0.2024-01-04-08-30.0': AUDIT,
  'm-1/instance/instance.log': 'not rotated by Aurora\n',
  'p-1/error/postgresql.log.2024-01-04-0800': POSTGRES,
  'p-1/error/postgresql.log.2024-01-04-0900': `${POSTGRES}cut in the mid`,
};
const LIVE = { seconds: 2, bytesPerSecond: 3_000_000, rotateEverySeconds: 0.7 };

async function whenStill(simulator: Simulator): Promise<LedgerContent> {
  for (;;) {
    const ledger = await simulator.ledger();
    if (!ledger.totals.growing) return ledger;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function readByPortions(client: RDSClient, DBInstanceIdentifier: string, LogFileName: string): Promise<Buffer> {
  const parts: string[] = [];
  for (let Marker = '0'; ; ) {
    const command = new DownloadDBLogFilePortionCommand({
      DBInstanceIdentifier,
      LogFileName,
      Marker,
      NumberOfLines: 5000,
    });
    const answer = await client.send(command);
    if (!answer.LogFileData) return Buffer.from(parts.join(''));
    parts.push(answer.LogFileData);
    Marker = answer.Marker ?? '';
  }
}

describe('a live fleet', () => {
  it('offers, by portions and by complete download, what the ledger says', async () => {
    await withSimulator(FLEET, { live: LIVE }, async ({ simulator, client }) => {
      const { generations, totals } = await whenStill(simulator);
      expect(totals.rotations).toBeGreaterThanOrEqual(6);
      expect(Math.abs(totals.bytes - LIVE.seconds * LIVE.bytesPerSecond)).toBeLessThan(20_000);
      for (const { instanceId, names, size, sha256: digest } of generations) {
        const name = names.at(-1)?.name ?? '';
        const url = `${simulator.url}/v13/downloadCompleteLogFile/${instanceId}/${name}`;
        const { body } = await signedRequest(url, { headers: { 'accept-encoding': 'gzip' } });
        expect([gunzipSync(body).length, sha256(gunzipSync(body))]).toEqual([size, digest]);
        expect(sha256(await readByPortions(client, instanceId, name))).toBe(digest);
      }
      const files = async (DBInstanceIdentifier: string) =>
        (await client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier }))).DescribeDBLogFiles ?? [];
      const listed = [...(await files('m-1')), ...(await files('p-1'))];
      expect(listed.map((file) => file.Size).sort()).toEqual(generations.map(({ size }) => size).sort());
    });
  });

  it('gives each MySQL file the header of its source, four audit stripes, and other files as they are', async () => {
    await withSimulator(FLEET, { live: LIVE }, async ({ simulator, client }) => {
      const { generations } = await whenStill(simulator);
      const slow = generations.filter(({ kind }) => kind === 'slowquery');
      expect(slow.length).toBeGreaterThan(1);
      for (const { names } of slow) {
        const text = (await readByPortions(client, 'm-1', names.at(-1)?.name ?? '')).toString();
        expect(text.startsWith(`${HEADER}# Time: `)).toBe(true);
        expect(text.slice(HEADER.length).includes('started with')).toBe(false);
        expect(text.endsWith(';\n')).toBe(true);
      }
      const stripes = generations.flatMap(
        ({ names }) => /^audit\/audit\.log\.(\d)/.exec(names[0]?.name ?? '')?.[1] ?? [],
      );
      expect([...new Set(stripes)]).toEqual(['0', '1', '2', '3']);
      expect((await readByPortions(client, 'm-1', 'instance/instance.log')).toString()).toBe('not rotated by Aurora\n');
      const { DBInstances } = await client.send(new DescribeDBInstancesCommand());
      expect(DBInstances?.map(({ Engine }) => Engine)).toEqual(['aurora-mysql', 'aurora-postgresql']);
    });
  });
});
