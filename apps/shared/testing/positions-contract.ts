import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DbInstance, LogSeries } from '../log-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { GenerationPosition, Job, Positions } from '../ports/positions.ts';
import { mergePositions } from '../positions/merge.ts';

export interface PositionsUnderTest {
  readonly positions: Positions;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** What every implementation of `Positions` promises. `make` is called once; tests use resources of their own. */
export function describePositions(name: string, make: (clock: Clock) => Promise<PositionsUnderTest>): void {
  describe(`${name} as positions`, () => {
    let now = Date.UTC(2026, 10, 20, 23, 59);
    const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
    let under: PositionsUnderTest;
    let positions: Positions;
    beforeAll(async () => {
      under = await make(clock);
      positions = under.positions;
    });
    afterAll(() => under?.close());

    it('knows nothing of a series that was never saved', async () => {
      const series = newSeries();
      expect(await positions.generations(series)).toEqual([]);
      expect(await positions.generation(series, 1)).toBeUndefined();
      expect(await positions.nameOf(series, 'slowquery/mysql-slowquery.log')).toBeUndefined();
    });

    it('gives back what was saved, every field of it', async () => {
      const series = newSeries();
      const full: Required<GenerationPosition> = {
        ...position({ seq: 1, end: 2 ** 52, indexed: 12 }),
        sealedSize: 9,
        reindexed: 2,
        parser: { database: 'päivä', offset: 3, inHeader: true },
        wholeOnly: true,
        attempts: 3,
        nextAttemptAt: 99,
        parked: true,
        lastFailure: 'UPSTREAM_THROTTLED',
      };
      expect(await positions.save(series, full)).toEqual(full);
      expect(await positions.generation(series, 1)).toEqual(full);
    });

    it('lists generations in order, and the newest of them', async () => {
      const series = newSeries();
      for (const seq of [10, 2, 1, 11]) await positions.save(series, position({ seq }));
      const seqs = async (last?: number) => (await positions.generations(series, last)).map((each) => each.seq);
      expect(await seqs()).toEqual([1, 2, 10, 11]);
      expect(await seqs(2)).toEqual([10, 11]);
      expect(await seqs(9)).toEqual([1, 2, 10, 11]);
    });

    it('keeps kinds of one instance apart', async () => {
      const series = newSeries();
      await positions.save(series, position({ seq: 1 }));
      expect(await positions.generations({ ...series, kind: 'error' })).toEqual([]);
    });

    it('lists each series once, however many generations and names it has', async () => {
      const series = newSeries();
      for (const seq of [1, 2, 3]) await positions.save(series, position({ seq }));
      await positions.rememberName(series, 'slowquery/mysql-slowquery.log', 3);
      const found: LogSeries[] = [];
      for await (const each of positions.series()) if (each.resourceId === series.resourceId) found.push(each);
      expect(found).toEqual([series]);
    });

    it('takes no step back and answers what is stored', async () => {
      const series = newSeries();
      const ahead = position({ seq: 1, end: 100, indexed: 90, parser: { at: 90 } });
      await positions.save(series, ahead);
      expect(await positions.save(series, position({ seq: 1, end: 50, indexed: 40, attempts: 4 }))).toEqual(ahead);
      expect(await positions.generation(series, 1)).toEqual(ahead);
    });

    it('keeps the better of both where each writer is ahead in something', async () => {
      const series = newSeries();
      await positions.save(series, position({ seq: 1, end: 100, indexed: 10, parser: { at: 10 } }));
      const merged = await positions.save(series, position({ seq: 1, end: 50, indexed: 40, parser: { at: 40 } }));
      expect(merged).toMatchObject({ end: 100, chain: 'chain-100', indexed: 40, records: 40, parser: { at: 40 } });
      expect(await positions.generation(series, 1)).toEqual(merged);
    });

    it('never opens a closed chain again', async () => {
      const series = newSeries();
      await positions.save(series, position({ seq: 1, end: 10, state: 'closed' }));
      const saved = await positions.save(series, position({ seq: 1, end: 10, state: 'open', indexed: 10 }));
      expect(saved).toMatchObject({ state: 'closed', indexed: 10 });
    });

    it('forgets optional fields that are no longer set, but not facts about the file', async () => {
      const series = newSeries();
      const failed = position({ seq: 1, attempts: 2, lastFailure: 'LOG_FILE_GONE', parked: true, wholeOnly: true });
      await positions.save(series, failed);
      expect(await positions.save(series, position({ seq: 1 }))).toEqual(position({ seq: 1, wholeOnly: true }));
    });

    it('goes back with indexing only when told, and keeps a writer that did not hear of it out', async () => {
      const series = newSeries();
      const before = await positions.save(series, position({ seq: 1, end: 100, indexed: 90 }));
      const again = await positions.save(series, { ...before, indexed: 0, records: 0 }, { reindexFrom: 0 });
      expect(again).toMatchObject({ indexed: 0, records: 0, end: 100 });
      expect(await positions.save(series, { ...before, indexed: 95 })).toMatchObject({ indexed: 0, records: 0 });
      expect(await positions.save(series, { ...again, indexed: 60, records: 60 })).toMatchObject({ indexed: 60 });
    });

    it('refuses to index again from before the given parser state', async () => {
      const given = position({ seq: 1, end: 100, indexed: 90 });
      await expect(positions.save(newSeries(), given, { reindexFrom: 0 })).rejects.toThrow(RangeError);
    });

    it('refuses a parser state of more than 64 KiB', async () => {
      const huge = position({ seq: 1, parser: { text: 'x'.repeat(64 * 1024) } });
      await expect(positions.save(newSeries(), huge)).rejects.toThrow('more than the 65536');
    });

    it('ends with the same progress in whatever order and however concurrently views are saved', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(progress, { minLength: 2, maxLength: 6 }), async (views) => {
          const series = newSeries();
          await Promise.all(views.map((view) => positions.save(series, view)));
          const expected = views.reduce(mergePositions);
          expect(onlyProgress(await positions.generation(series, 1))).toEqual(onlyProgress(expected));
        }),
        { numRuns: 15 },
      );
    });

    it('remembers what a name stood for last, also a name longer than a key can be', async () => {
      const series = newSeries();
      const long = `audit/${'ä'.repeat(900)}`;
      for (const fileName of ['slowquery/mysql-slowquery.log', long]) {
        await positions.rememberName(series, fileName, 1);
        await positions.rememberName(series, fileName, 2);
        expect(await positions.nameOf(series, fileName)).toBe(2);
      }
      expect(await positions.nameOf(series, `${long}.1`)).toBeUndefined();
    });

    it('lists the newest jobs first, over midnight too, and forgets them after 30 days', async () => {
      const series = newSeries();
      const jobs = [3, 1, 2, 4].map((n) => job(series, `${series.resourceId}-${n}`, now + (n - 3) * 60_000));
      for (const each of jobs) await positions.recordJob(each);
      now += 2 * 60_000;
      const ids = async (limit: number) => (await positions.jobs(limit)).map((each) => each.jobId.slice(-1));
      expect(await ids(3)).toEqual(['4', '3', '2']);
      expect((await positions.jobs(1))[0]).toEqual(jobs.at(-1));
      expect(await ids(0)).toEqual([]);
      now += 29 * DAY_MS;
      expect(await ids(9)).toEqual(['4', '3', '2', '1']);
      now += DAY_MS;
      expect(await ids(9)).toEqual([]);
    });

    it('knows an instance for 7 days after it was last seen', async () => {
      const instance = newInstance();
      const listed = async () => {
        const found: unknown[] = [];
        for await (const each of positions.instances())
          if (each.instance.resourceId === instance.resourceId) found.push(each);
        return found;
      };
      await positions.rememberInstance(instance, {});
      now += 6 * DAY_MS;
      const known = { instance, parameters: { log_line_prefix: '%t:%r:%u@%d:[%p]:', empty: '' } };
      await positions.rememberInstance(known.instance, known.parameters);
      now += 7 * DAY_MS - 60_000;
      expect(await positions.instance(instance.resourceId)).toEqual(known);
      expect(await listed()).toEqual([known]);
      now += 60_000;
      expect(await positions.instance(instance.resourceId)).toBeUndefined();
      expect(await listed()).toEqual([]);
    });

    it('reads on where a page ends', async () => {
      const series = newSeries();
      const lastFailure = 'x'.repeat(300_000);
      await Promise.all([1, 2, 3, 4, 5].map((seq) => positions.save(series, position({ seq, lastFailure }))));
      expect((await positions.generations(series)).map((each) => each.seq)).toEqual([1, 2, 3, 4, 5]);
      let count = 0;
      for await (const each of positions.series()) if (each.resourceId === series.resourceId) count++;
      expect(count).toBe(1);
    });
  });
}

let made = 0;

function newSeries(): LogSeries {
  made++;
  return {
    accountId: '123456789012',
    region: 'eu-central-1',
    resourceId: `db-${process.pid}-${made}`,
    kind: 'slowquery',
  };
}

function newInstance(): DbInstance {
  const { accountId, region, resourceId } = newSeries();
  return {
    accountId,
    region,
    resourceId,
    instanceId: 'shop-1',
    clusterId: 'shop',
    engine: 'aurora-mysql',
    status: 'available',
    tags: { owner: 'payments', note: '' },
  };
}

/** A position whose chain, marker and counts follow from its offsets, as they do in life. */
export function position(fields: Partial<GenerationPosition> & { seq: number }): GenerationPosition {
  const { end = 10, indexed = 0 } = fields;
  return {
    fileName: 'slowquery/mysql-slowquery.log',
    state: 'open',
    end,
    chain: `chain-${end}`,
    marker: `0:${end}`,
    indexed,
    records: indexed,
    rawRecords: Math.floor(indexed / 2),
    listedSize: 100,
    lastWritten: 1_000,
    changedAt: 2_000,
    ...fields,
  };
}

const small = fc.integer({ min: 0, max: 3 });

/** Views of one generation as workers at different points of its life would have them. */
export const progress: fc.Arbitrary<GenerationPosition> = fc
  .record({
    state: fc.constantFrom('open' as const, 'closed' as const, 'lost' as const),
    end: small,
    indexed: small,
    reindexed: fc.integer({ min: 0, max: 2 }),
    listedSize: small,
    lastWritten: small,
    changedAt: small,
    wholeOnly: fc.boolean(),
    attempts: small,
  })
  .map(({ wholeOnly, ...fields }) =>
    position({ seq: 1, parser: { at: fields.indexed }, ...fields, ...(wholeOnly ? { wholeOnly } : {}) }),
  );

/** A position without what may change either way. */
export function onlyProgress(of: GenerationPosition | undefined): Partial<GenerationPosition> {
  const { attempts: _attempts, ...rest } = of ?? {};
  return rest;
}

function job(series: LogSeries, jobId: string, finishedAt: number): Job {
  return {
    jobId,
    series,
    fileName: 'slowquery/mysql-slowquery.log',
    seq: 1,
    from: 0,
    to: 16,
    outcome: 'shipped',
    startedAt: finishedAt - 5,
    finishedAt,
  };
}
