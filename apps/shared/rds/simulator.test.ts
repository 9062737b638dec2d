import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { type SimulatorOptions, startSimulator } from '../../simulator/simulator.ts';
import { writeFleet } from '../../simulator/testing/simulated-fleet.ts';
import { systemClock } from '../ports/clock.ts';
import { describeLogSource, type FleetFiles, only, portionsOf, wholeOf } from '../testing/log-source-contract.ts';
import type { CallEvent } from './caller.ts';
import { DEFAULT_RDS_LIMITS } from './limits.ts';
import { createRdsLogSource, type RdsLogSourceOptions } from './rds-log-source.ts';

const SAMPLE_FLEET = 'apps/simulator/sample-fleet';
// Tests of what is served, not of the pace.
const fast = { rate: { ...DEFAULT_RDS_LIMITS.rate, initialRate: 2000, maxRate: 2000 } };

async function open(
  root: string,
  simulated: Partial<SimulatorOptions> = {},
  options: Partial<RdsLogSourceOptions> = {},
) {
  const simulator = await startSimulator({ root, pageSize: 20, ...simulated });
  const source = createRdsLogSource({
    region: 'eu-west-1',
    endpoint: simulator.url,
    credentials: { accessKeyId: 'simulator', secretAccessKey: 'simulator' },
    clock: systemClock,
    random: Math.random,
    limits: fast,
    ...options,
  });
  const close = async () => {
    source.close();
    await simulator.close();
  };
  return { source, close };
}

for (const downloadEncoding of ['identity', 'gzip'] as const) {
  describeLogSource(`the RDS adapter over the simulator (${downloadEncoding})`, async (files: FleetFiles) => {
    const root = await writeFleet(files);
    const { source, close } = await open(root, {}, { downloadEncoding });
    return {
      source,
      close: async () => {
        await close();
        await rm(root, { recursive: true });
      },
    };
  });
}

it('reads the sample fleet, byte for byte', async () => {
  const { source, close } = await open(SAMPLE_FLEET);
  let files = 0;
  for (const instanceId of await readdir(SAMPLE_FLEET)) {
    if (instanceId.includes('.')) continue;
    const instance = await only(source, instanceId);
    for (const { name } of await source.files(instance, {}, new AbortController().signal)) {
      const expected = await readFile(join(SAMPLE_FLEET, instanceId, name));
      expect((await wholeOf(source, instance, name)).equals(expected)).toBe(true);
      expect((await portionsOf(source, instance, name)).equals(expected)).toBe(true);
      files++;
    }
  }
  await close();
  expect(files).toBeGreaterThan(10);
});

it('gets through throttling, errors and cut connections', async () => {
  const content = 'a line of a log\n'.repeat(200_000);
  const root = await writeFleet({ 'orders-1/error/x.log': content });
  const outcomes = new Map<CallEvent['outcome'], number>();
  const onCall = ({ outcome }: CallEvent) => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const limits = { ...fast, retryBaseMs: 1, throttleBaseMs: 1, attempts: 20 };
  const faults = { throttleRate: 0.2, errorRate: 0.3 };
  const { source, close } = await open(root, { faults }, { limits, onCall });
  const instance = await only(source, 'orders-1');
  expect((await portionsOf(source, instance, 'error/x.log')).toString()).toBe(content);
  expect((await wholeOf(source, instance, 'error/x.log')).toString()).toBe(content);
  await close();
  await rm(root, { recursive: true });
  expect([...outcomes.keys()].sort()).toEqual(['UPSTREAM_THROTTLED', 'UPSTREAM_UNAVAILABLE', 'ok']);
});

it('finds a quota that nobody told it, and uses it', async () => {
  const root = await writeFleet({ 'orders-1/error/x.log': 'x\n', 'orders-2/error/x.log': 'x\n' });
  const count = { ok: 0, throttled: 0 };
  const onCall = ({ outcome }: CallEvent) => {
    if (outcome === 'ok') count.ok++;
    else count.throttled++;
  };
  const { source, close } = await open(root, { faults: { callsPerSecond: 30 } }, { onCall, limits: {} });
  const instances = await source.instances(new AbortController().signal);
  const stop = AbortSignal.timeout(6_000);
  const listing = instances.flatMap((instance) =>
    [1, 2, 3, 4, 5].map(() => repeat(() => source.files(instance, {}, stop), stop)),
  );
  await Promise.all(listing);
  await close();
  await rm(root, { recursive: true });
  // The first seconds go up from 10 calls/s.
  expect(count.ok).toBeGreaterThan(6 * 30 * 0.5);
  expect(count.throttled).toBeLessThan(count.ok * 0.1);
}, 20_000);

async function repeat(work: () => Promise<unknown>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await work().catch((error: unknown) => {
      if (error !== stop.reason) throw error;
    });
  }
}
