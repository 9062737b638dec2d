import { describe, expect, it } from '@jest/globals';
import type { ShipLogFile, Shipped } from '../../processor/ship-log-file.ts';
import { Failure } from '../../shared/failure.ts';
import type { Hint } from '../../shared/hint.ts';
import { createInProcessHints } from '../../shared/hints/in-process-hints.ts';
import { logKind } from '../../shared/log-file.ts';
import { createMemoryPositions } from '../../shared/testing/memory-positions.ts';
import { type Fate, workHints } from './work-hints.ts';

const NAMES = ['slowquery/a.log', 'error/b.log', 'general/c.log', 'audit/d.log', 'instance/e.log'];

function hint(fileName: string, listedAt = 0): Hint {
  const where = { accountId: '1', region: 'r', resourceId: 'db-A', instanceId: 'a', clusterId: 'c' };
  const listed = { size: 10, lastWritten: 0, listedAt, deadline: 1 };
  return { version: 1, ...where, engine: 'aurora-mysql', kind: logKind(fileName), fileName, ...listed };
}

const shipped = (change: Partial<Shipped> = {}): Shipped => ({
  ...{ outcome: 'archived', seq: 1, from: 0, to: 10, more: false },
  ...change,
});

/** Works on these files until nothing is left to do. */
async function work(names: readonly string[], ship: ShipLogFile, concurrency = 2) {
  const hints = createInProcessHints({ capacity: 100 });
  const positions = createMemoryPositions();
  const fates: Fate[] = [];
  let now = 100;
  const clock = { now: () => now++, sleep: async () => {} };
  await hints.publish(names.map((name) => hint(name)));
  const stop = new AbortController();
  const onFate = (fate: Fate) => fates.push(fate);
  const working = workHints({ hints, positions, ship, clock, concurrency, onFate }, stop.signal);
  void hints.idle().then(() => stop.abort());
  await working;
  return { fates, jobs: await positions.jobs(100) };
}

describe('workHints', () => {
  it('works on as many files at once as it may, and remembers a job for each slice', async () => {
    let [busy, mostBusy] = [0, 0];
    const { fates, jobs } = await work(NAMES, async () => {
      mostBusy = Math.max(mostBusy, ++busy);
      await new Promise((resolve) => setImmediate(resolve));
      busy -= 1;
      return shipped();
    });
    expect(mostBusy).toBe(2);
    expect(fates.map((fate) => fate.hint.fileName).sort()).toEqual([...NAMES].sort());
    expect(jobs.map((job) => job.fileName).sort()).toEqual([...NAMES].sort());
    expect(new Set(jobs.map((job) => job.jobId)).size).toBe(NAMES.length);
    expect(jobs[0]).toMatchObject({ seq: 1, from: 0, to: 10, outcome: 'archived' });
  });

  it('remembers no job for a slice in which nothing happened', async () => {
    const { fates, jobs } = await work(NAMES.slice(0, 1), async () => shipped({ from: 10 }));
    expect({ fates: fates.length, jobs }).toEqual({ fates: 1, jobs: [] });
  });

  it('takes a file up again until its slices say that there is no more', async () => {
    let slices = 0;
    const { jobs } = await work(NAMES.slice(0, 1), async () => shipped({ more: ++slices < 3 }));
    expect(slices).toBe(3);
    expect(jobs).toHaveLength(3);
  });

  it('ends only the slice when the environment fails', async () => {
    const failure = new Failure('ARCHIVE_UNAVAILABLE', 'no answer');
    const { fates, jobs } = await work(NAMES, async ({ fileName }) => {
      if (fileName === NAMES[0]) throw failure;
      return shipped();
    });
    expect(fates.filter((fate) => fate.error === failure).map((fate) => fate.hint.fileName)).toEqual([NAMES[0]]);
    expect(jobs).toHaveLength(NAMES.length - 1);
  });

  it.each([
    ['a bug', new TypeError('a bug')],
    ['what every file would meet', new Failure('ARCHIVE_FULL', 'full')],
  ])('ends all workers with %s, and begins no other file', async (_what, error) => {
    const begun: string[] = [];
    const ship: ShipLogFile = async ({ fileName }, signal) => {
      begun.push(fileName);
      if (begun.length === 1) throw error;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      throw signal.reason;
    };
    await expect(work(NAMES, ship)).rejects.toBe(error);
    expect(begun).toHaveLength(2);
  });

  it('surfaces a bug that shows while it is stopped, but no failure that comes of stopping', async () => {
    const stopWith = (error: unknown) => {
      const hints = createInProcessHints({ capacity: 10 });
      const stop = new AbortController();
      const ship: ShipLogFile = async () => {
        stop.abort();
        throw error;
      };
      const deps = { hints, positions: createMemoryPositions(), ship, concurrency: 1, onFate: () => {} };
      const working = workHints({ ...deps, clock: { now: () => 0, sleep: async () => {} } }, stop.signal);
      return hints.publish([hint('error/a.log')]).then(() => working);
    };
    await expect(stopWith(new TypeError('a bug'))).rejects.toThrow('a bug');
    await stopWith(new Failure('UPSTREAM_UNAVAILABLE', 'the connection was closed'));
  });
});
