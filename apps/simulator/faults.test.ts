import {
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DownloadDBLogFilePortionCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import { FAULTS, type FaultName } from './model/faults.ts';
import { signedRequest, withSimulator } from './testing/simulated-fleet.ts';

const LINES = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('');
const FLEET = { 'a/x.log': LINES };
const RECORDS = Array.from({ length: 1000 }, (_, index) => `# Time: ${index}\n# User@Host: u\nSELECT ${index};\n`);
const SLOW_LOG = { 'a/slowquery/mysql-slowquery.log': RECORDS.join('') };

const list = (client: RDSClient) => client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'a' }));
const portion = (client: RDSClient, Marker: string, NumberOfLines = 100) =>
  client.send(
    new DownloadDBLogFilePortionCommand({ DBInstanceIdentifier: 'a', LogFileName: 'x.log', Marker, NumberOfLines }),
  );

/** How often each outcome was seen in `count` calls, one after the other. */
async function outcomes(count: number, call: () => Promise<string>): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (let index = 0; index < count; index += 1) {
    const outcome = await call().catch((error: Error & { $metadata?: { httpStatusCode?: number } }) =>
      error.$metadata?.httpStatusCode === undefined ? 'no answer' : error.name,
    );
    seen[outcome] = (seen[outcome] ?? 0) + 1;
  }
  return seen;
}

/** One check per fault of the table: a fault without one does not compile. */
const CHECKS: Record<FaultName, () => Promise<void>> = {
  callsPerSecond: () =>
    withSimulator(FLEET, { faults: { callsPerSecond: 5 } }, async ({ client, simulator }) => {
      const started = Date.now();
      const calls = await Promise.allSettled(Array.from({ length: 30 }, () => list(client)));
      const refused = calls.filter((call) => call.status === 'rejected');
      const allowed = 5 + ((Date.now() - started) / 1000) * 5;
      expect(calls.length - refused.length).toBeLessThanOrEqual(Math.ceil(allowed));
      expect(calls.length - refused.length).toBeGreaterThanOrEqual(5);
      for (const call of refused) {
        expect(call.reason).toMatchObject({
          ...{ name: 'Throttling', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } },
        });
      }
      // Each action has its own quota; complete downloads have none.
      await client.send(new DescribeDBInstancesCommand());
      const downloads = Array.from({ length: 12 }, () =>
        signedRequest(`${simulator.url}/v13/downloadCompleteLogFile/a/x.log`),
      );
      expect((await Promise.all(downloads)).every(({ status }) => status === 200)).toBe(true);
      const { totals } = await simulator.ledger();
      expect(totals.throttled).toBe(refused.length);
      expect(totals.apiCalls).toEqual({
        DescribeDBLogFiles: 30,
        DescribeDBInstances: 1,
        DownloadCompleteDBLogFile: 12,
      });
    }),
  throttleRate: () =>
    withSimulator(FLEET, { faults: { throttleRate: 0.3 } }, async ({ client }) => {
      const seen = await outcomes(100, async () => ((await list(client)) ? 'ok' : 'none'));
      expect(seen['Throttling']).toBeGreaterThan(15);
      expect(seen['ok']).toBeGreaterThan(50);
    }),
  errorRate: () =>
    withSimulator(FLEET, { faults: { errorRate: 0.6 } }, async ({ client }) => {
      const seen = await outcomes(100, async () => ((await list(client)) ? 'ok' : 'none'));
      expect(seen['InternalFailure']).toBeGreaterThan(8);
      expect(seen['ServiceUnavailable']).toBeGreaterThan(8);
      expect(seen['no answer']).toBeGreaterThan(8);
      expect(seen['ok']).toBeGreaterThan(20);
    }),
  slowRate: () =>
    withSimulator(FLEET, { faults: { slowRate: 0.5, slowMs: 300 } }, async ({ client }) => {
      const seen = await outcomes(20, async () => {
        const started = performance.now();
        await list(client);
        return performance.now() - started >= 299 ? 'slow' : 'fast';
      });
      expect(seen['slow']).toBeGreaterThan(3);
      expect(seen['fast']).toBeGreaterThan(3);
    }),
  slowMs: () =>
    withSimulator(FLEET, { faults: { slowRate: 1, slowMs: 250 } }, async ({ client }) => {
      const started = performance.now();
      await list(client);
      expect(performance.now() - started).toBeGreaterThanOrEqual(249);
    }),
  lyingPending: () =>
    withSimulator(FLEET, { faults: { lyingPending: 0.5 } }, async ({ client }) => {
      const more = await outcomes(30, async () => String((await portion(client, '0')).AdditionalDataPending));
      const end = await outcomes(30, async () =>
        String((await portion(client, `0:${LINES.length}`)).AdditionalDataPending),
      );
      for (const seen of [more, end]) {
        expect(seen['true']).toBeGreaterThan(4);
        expect(seen['false']).toBeGreaterThan(4);
      }
    }),
  repeatBytes: () =>
    withSimulator(FLEET, { faults: { repeatBytes: 0.5 } }, async ({ client }) => {
      const seen = await outcomes(40, async () => {
        const { LogFileData = '', Marker } = await portion(client, '0:7000', 10);
        const end = Number(Marker?.split(':')[1]);
        expect(LINES.slice(end - LogFileData.length, end)).toBe(LogFileData);
        expect(end - LogFileData.length).toBeGreaterThanOrEqual(7000 - 64);
        return end - LogFileData.length < 7000 ? 'repeated' : 'exact';
      });
      expect(seen['repeated']).toBeGreaterThan(8);
      expect(seen['exact']).toBeGreaterThan(8);
      // There is nothing before the start to repeat.
      expect((await portion(client, '0', 1)).LogFileData).toBe('line 0\n');
    }),
  truncate: () =>
    withSimulator(FLEET, { faults: { truncate: 0.5 } }, async ({ client }) => {
      const seen = await outcomes(40, async () => {
        const { LogFileData = '' } = await portion(client, '0', 10_000);
        const cut = LogFileData.endsWith('\n [Your log message was truncated]\n');
        return cut && LogFileData.length < 66_000 ? 'cut' : 'whole';
      });
      expect(seen['cut']).toBeGreaterThan(8);
      expect(seen['whole']).toBeGreaterThan(8);
    }),
  emptyMarker: () =>
    withSimulator(FLEET, { faults: { emptyMarker: 0.5 } }, async ({ client }) => {
      const seen = await outcomes(40, async () => {
        const { LogFileData, Marker, AdditionalDataPending } = await portion(client, '0');
        return LogFileData === undefined && Marker === '' && AdditionalDataPending === false ? 'rotating' : 'data';
      });
      expect(seen['rotating']).toBeGreaterThan(8);
      expect(seen['data']).toBeGreaterThan(8);
    }),
  brokenStream: () =>
    withSimulator(FLEET, { faults: { brokenStream: 0.5 } }, async ({ simulator }) => {
      for (const headers of [{ 'accept-encoding': 'gzip' }, {}] as const) {
        const seen = await outcomes(20, async () => {
          const { status } = await signedRequest(`${simulator.url}/v13/downloadCompleteLogFile/a/x.log`, { headers });
          return String(status);
        });
        expect(seen['no answer']).toBeGreaterThan(2);
        expect(seen['200']).toBeGreaterThan(2);
      }
    }),
  vanish: () =>
    withSimulator(
      SLOW_LOG,
      { faults: { vanish: 1 }, live: { seconds: 2.5, bytesPerSecond: 100_000, rotateEverySeconds: 0.5 } },
      async ({ client, simulator }) => {
        while ((await simulator.ledger()).totals.growing) await new Promise((resolve) => setTimeout(resolve, 50));
        const { generations } = await simulator.ledger();
        const vanished = generations.filter(({ deletedAt }) => deletedAt !== null);
        expect(vanished.length).toBeGreaterThan(0);
        expect(vanished.every(({ sha256 }) => sha256 !== null)).toBe(true);
        const listed = (await list(client)).DescribeDBLogFiles?.map((file) => file.LogFileName);
        for (const { names } of vanished) expect(listed).not.toContain(names.at(-1)?.name);
      },
    ),
  missingDuringRotation: () =>
    withSimulator(
      SLOW_LOG,
      {
        faults: { missingDuringRotation: true },
        // Longer than any machine needs to see both.
        live: { seconds: 600, bytesPerSecond: 100_000, rotateEverySeconds: 1 },
      },
      async ({ client }) => {
        const LogFileName = 'slowquery/mysql-slowquery.log';
        const command = () =>
          new DownloadDBLogFilePortionCommand({
            DBInstanceIdentifier: 'a',
            LogFileName,
            Marker: '0',
            NumberOfLines: 1,
          });
        const seen = new Set<string>();
        while (seen.size < 2) {
          const outcome = await client.send(command()).then(
            () => 'found',
            (error: Error) => error.name,
          );
          seen.add(outcome);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        expect([...seen].sort()).toEqual(['DBLogFileNotFoundFault', 'found']);
      },
    ),
};

describe('a fault', () => {
  it.each(Object.keys(FAULTS) as FaultName[])('strikes as its name says: %s', (name) => CHECKS[name]());

  it('is off unless it was asked for', async () => {
    await withSimulator(FLEET, {}, async ({ client }) => {
      const answers = new Set<string>();
      for (let index = 0; index < 50; index += 1) {
        const { LogFileData, Marker, AdditionalDataPending } = await portion(client, '0:7000');
        answers.add(JSON.stringify([LogFileData, Marker?.split(':')[1], AdditionalDataPending]));
      }
      expect(answers.size).toBe(1);
    });
  });

  it('strikes at the same calls for the same seed', async () => {
    const run = async (seed: number) => {
      const struck: boolean[] = [];
      await withSimulator(FLEET, { seed, faults: { throttleRate: 0.5 } }, async ({ client }) => {
        for (let index = 0; index < 40; index += 1)
          struck.push(
            await list(client).then(
              () => false,
              () => true,
            ),
          );
      });
      return struck;
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });
});
