import { describe, expect, it } from '@jest/globals';
import { PLAN_DEFAULTS } from '../../discovery/plan.ts';
import { createRecordParser } from '../../processor/parsers/create-record-parser.ts';
import { SHIP_DEFAULTS } from '../../processor/ship-deps.ts';
import { ACTIVE, createWorld, HEADER, type World } from '../../processor/testing/world.ts';
import { Failure, type FailureCode } from '../../shared/failure.ts';
import { createInProcessHints } from '../../shared/hints/in-process-hints.ts';
import type { Archive } from '../../shared/ports/archive.ts';
import type { LogSource } from '../../shared/ports/log-source.ts';
import { runFollowing, runOnce, type StandaloneDeps, type StandaloneSettings } from './run-standalone.ts';
import type { Fate } from './work-hints.ts';

const ROTATED = `${ACTIVE}.2026-01-02.03`;
const ERRORS = 'error/mysql-error.log';
const GENERAL = 'general/mysql-general.log';
const KB = 1024;

const statements = (from: number, count: number) =>
  Array.from(
    { length: count },
    (_, at) =>
      `# Time: 2026-01-02T03:00:00.000000Z\n# User@Host: app[app] @  [10.0.0.1]  Id: ${from + at}\n# Query_time: 0.1  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 1\nSET timestamp=1767322800;\nselect ${from + at};\n`,
  ).join('');

/** `change` replaces methods of the model source; a test can let a call wait, fail, or change the fleet. */
function worldWith(change: (source: LogSource, world: () => World) => Partial<LogSource> = () => ({})): World {
  const world: World = createWorld({
    settings: { untilDone: true },
    wrap: (source) => ({ ...source, ...change(source, () => world) }),
  });
  return world;
}

function depsOf(world: World, change: Partial<StandaloneDeps> = {}): StandaloneDeps {
  let now = Date.UTC(2026, 0, 2, 4);
  const { source, archive, positions, sink } = world;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const hints = createInProcessHints({ capacity: 100 });
  const rest = { createParser: createRecordParser, clock, random: () => 0.5, writer: 'test' };
  return { source, archive, positions, sink, hints, ...rest, ...change };
}

function settingsOf(change: Partial<StandaloneSettings> = {}): StandaloneSettings {
  return {
    ship: { ...SHIP_DEFAULTS, slotBytes: 64 * KB, sampleRate: 0, untilDone: true },
    plan: { ...PLAN_DEFAULTS, dueAfterMs: 0, flushAfterMs: 0 },
    wanted: () => true,
    ...{ intervalMs: 1000, concurrency: 2, inFlightBytes: 256 * KB, ...change },
  };
}

const never = new AbortController().signal;
const once = (deps: StandaloneDeps, onFate: (fate: Fate) => void = () => {}) =>
  runOnce(deps, settingsOf(), { onFate }, never);

/** The source's complete downloads, with something that happens before the nth of a file. */
function beforeWhole(source: LogSource, act: (fileName: string, nth: number) => void): Pick<LogSource, 'whole'> {
  const asked = new Map<string, number>();
  return {
    async *whole(instance, fileName, signal) {
      const nth = (asked.get(fileName) ?? 0) + 1;
      asked.set(fileName, nth);
      act(fileName, nth);
      yield* source.whole(instance, fileName, signal);
    },
  };
}

describe('runOnce', () => {
  it('archives and parses all that is listed, and finds nothing to do when it is run again', async () => {
    const world = worldWith();
    const slow = world.create(ACTIVE, HEADER + statements(0, 200));
    const errors = world.create(ERRORS, 'one\ntwo\n');
    world.create(GENERAL);
    expect(await once(depsOf(world))).toEqual([]);
    expect(await world.restored(ACTIVE, 1)).toEqual(world.bytesOf(slow));
    expect(await world.restored(ERRORS, 1)).toEqual(world.bytesOf(errors));
    const records = world.sink.records(1);
    // The header, 200 statements, and two lines of the error log.
    expect(records).toHaveLength(203);
    const bytes = world.bytesOf(slow).length + world.bytesOf(errors).length;
    expect(records.reduce((sum, one) => sum + one.log_length, 0)).toBe(bytes);
    const objects = [...world.store.objects.keys()];
    expect(await once(depsOf(world))).toEqual([]);
    expect([...world.store.objects.keys()]).toEqual(objects);
  });

  it('finds a file that is rotated while it is read under its new name', async () => {
    const world = worldWith((source, here) =>
      beforeWhole(source, (fileName, nth) => {
        if (fileName !== ACTIVE || nth > 1) return;
        here().rename(slow, ROTATED);
        here().create(ACTIVE, HEADER + statements(500, 3));
      }),
    );
    const slow = world.create(ACTIVE, HEADER + statements(0, 300));
    expect(await once(depsOf(world))).toEqual([]);
    const generations = await world.positions.generations(world.series(ACTIVE));
    const old = generations.find((one) => one.fileName === ROTATED);
    expect(await world.restored(ROTATED, old?.seq ?? 0)).toEqual(world.bytesOf(slow));
  });

  it('tries again what may go well later', async () => {
    const world = worldWith((source) =>
      beforeWhole(source, (_fileName, nth) => {
        if (nth < 3) throw new Failure('UPSTREAM_UNAVAILABLE', 'no answer');
      }),
    );
    const errors = world.create(ERRORS, 'one\n');
    expect(await once(depsOf(world))).toEqual([]);
    expect(await world.restored(ERRORS, 1)).toEqual(world.bytesOf(errors));
  });

  it.each([
    ['eight times, what may go well later', 'UPSTREAM_UNAVAILABLE', 8],
    ['once, what no repetition changes', 'ACCESS_DENIED', 1],
  ] as const)('tries %s, reports it, and does the rest', async (_what, code, times) => {
    let tried = 0;
    const failure = new Failure(code, 'not this one');
    const world = worldWith((source) =>
      beforeWhole(source, (fileName) => {
        if (fileName !== ERRORS) return;
        tried += 1;
        throw failure;
      }),
    );
    world.create(ERRORS, 'one\n');
    const slow = world.create(ACTIVE, statements(0, 10));
    expect(await once(depsOf(world))).toEqual([{ what: `orders-1/${ERRORS}`, error: failure }]);
    expect(tried).toBe(times);
    expect(await world.restored(ACTIVE, 1)).toEqual(world.bytesOf(slow));
  });

  it('reports records that could not be delivered, although the bytes are archived', async () => {
    const world = worldWith();
    const errors = world.create(ERRORS, 'one\n');
    world.sink.fail = new Failure('SINK_UNAVAILABLE', 'no answer');
    expect(await once(depsOf(world))).toMatchObject([
      { what: `orders-1/${ERRORS}`, error: { code: 'SINK_UNAVAILABLE' } },
    ]);
    expect(await world.restored(ERRORS, 1)).toEqual(world.bytesOf(errors));
  });

  it('does the files of an instance that could only be listed at a later look', async () => {
    let looks = 0;
    const world = worldWith((source) => ({
      files: (...call) => {
        looks += 1;
        if (looks === 1) throw new Failure('UPSTREAM_UNAVAILABLE', 'no answer');
        return source.files(...call);
      },
    }));
    const slow = world.create(ACTIVE, statements(0, 10));
    expect(await once(depsOf(world))).toEqual([]);
    expect(await world.restored(ACTIVE, 1)).toEqual(world.bytesOf(slow));
  });

  it('reports an instance that cannot be listed', async () => {
    const failure = new Failure('ACCESS_DENIED', 'not this one');
    const world = worldWith(() => ({ files: () => Promise.reject(failure) }));
    expect(await once(depsOf(world))).toEqual([{ what: 'orders-1', error: failure }]);
  });
});

describe('a run', () => {
  const FILES = [ACTIVE, ERRORS, GENERAL, 'audit/audit.log.0', 'instance/a.log'];
  const worldOfFiles = (change?: Parameters<typeof worldWith>[0]) => {
    const world = worldWith(change);
    for (const name of FILES) world.create(name, statements(0, 5));
    return world;
  };
  const failing = (archive: Archive, error: Error): Archive => ({ ...archive, putSlot: () => Promise.reject(error) });

  it.each<FailureCode>(['ARCHIVE_FULL', 'STATE_FULL', 'STATE_CORRUPT', 'CREDENTIALS_INVALID'])(
    'ends at once with %s, which every file would meet, and says it of no file',
    async (code) => {
      const world = worldOfFiles();
      const fates: Fate[] = [];
      const failure = new Failure(code, 'for all');
      const deps = depsOf(world, { archive: failing(world.archive, failure) });
      await expect(once(deps, (fate) => fates.push(fate))).rejects.toBe(failure);
      expect(fates).toEqual([]);
    },
  );

  it('ends at once when the records have no room, and keeps the bytes that were archived', async () => {
    const world = worldOfFiles();
    const failure = new Failure('SINK_FULL', 'for all');
    world.sink.fail = failure;
    await expect(once(depsOf(world))).rejects.toBe(failure);
    world.sink.fail = undefined;
    expect(await once(depsOf(world))).toEqual([]);
    for (const name of FILES) expect((await world.restored(name, 1)).toString()).toBe(statements(0, 5));
  });

  it('ends at once when the credentials go bad between listing instances and files', async () => {
    const failure = new Failure('CREDENTIALS_INVALID', 'expired');
    const world = worldOfFiles(() => ({ files: () => Promise.reject(failure) }));
    await expect(once(depsOf(world))).rejects.toBe(failure);
  });

  it('ends with a bug in a worker, however many hints wait', async () => {
    const world = worldOfFiles();
    const deps = depsOf(world, {
      archive: failing(world.archive, new TypeError('a bug')),
      hints: createInProcessHints({ capacity: 1 }),
    });
    await expect(once(deps)).rejects.toThrow('a bug');
    const again = { ...deps, hints: createInProcessHints({ capacity: 1 }) };
    await expect(runFollowing(again, settingsOf(), {}, never)).rejects.toThrow('a bug');
  });

  it('waits, when it is stopped, for the slot at hand and begins no other', async () => {
    const world = worldOfFiles();
    const stop = new AbortController();
    const gate = Promise.withResolvers<void>();
    let puts = 0;
    const putSlot: Archive['putSlot'] = async (...slot) => {
      puts += 1;
      stop.abort();
      await gate.promise;
      return world.archive.putSlot(...slot);
    };
    const deps = depsOf(world, { archive: { ...world.archive, putSlot } });
    let ended = false;
    const run = runOnce(deps, settingsOf(), {}, stop.signal).finally(() => {
      ended = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect({ ended, puts: puts > 0 && puts <= 2 }).toEqual({ ended: false, puts: true });
    const before = puts;
    gate.resolve();
    expect(await run).toEqual([]);
    expect(puts).toBe(before);
    expect(await once(depsOf(world))).toEqual([]);
    for (const name of FILES) expect((await world.restored(name, 1)).toString()).toBe(statements(0, 5));
  });
});

describe('runFollowing', () => {
  it('goes on through looks that fail, fetches what is written meanwhile, and ends when it is told to', async () => {
    let looks = 0;
    const world = worldWith((source, here) => ({
      instances: (signal) => {
        looks += 1;
        if (looks === 2) throw new Failure('UPSTREAM_UNAVAILABLE', 'no answer');
        if (looks === 3) {
          here().pass(60_000);
          here().append(slow, statements(10, 10));
        }
        return source.instances(signal);
      },
    }));
    const slow = world.create(ACTIVE, statements(0, 10));
    const stop = new AbortController();
    const failed: unknown[] = [];
    let archived = 0;
    const observer = {
      onLookFailed: (error: unknown) => failed.push(error),
      onFate: ({ shipped }: Fate) => {
        archived = Math.max(archived, shipped?.to ?? 0);
        if (archived === world.bytesOf(slow).length && looks > 3) stop.abort();
      },
    };
    await runFollowing(depsOf(world), settingsOf(), observer, stop.signal);
    expect(failed).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE' }]);
    expect(await world.restored(ACTIVE, 1)).toEqual(world.bytesOf(slow));
  });

  it('ends when the fleet may not be listed', async () => {
    const failure = new Failure('ACCESS_DENIED', 'no');
    const world = worldWith(() => ({ instances: () => Promise.reject(failure) }));
    await expect(runFollowing(depsOf(world), settingsOf(), {}, never)).rejects.toBe(failure);
  });
});
