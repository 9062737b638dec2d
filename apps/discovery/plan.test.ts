import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hintSchema } from '../shared/hint.ts';
import { type DbInstance, isFinalName, type ListedFile, logKind } from '../shared/log-file.ts';
import { contentEnd, type GenerationPosition } from '../shared/ports/positions.ts';
import { PLAN_DEFAULTS, type PlanSettings, plan } from './plan.ts';

const NOW = Date.UTC(2026, 10, 21, 3, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ACTIVE = 'slowquery/mysql-slowquery.log';
const ROTATED = `${ACTIVE}.2026-11-21.02`;
const DATED = 'audit/audit.log.0.2026-11-21-02-00.0';

const INSTANCE: DbInstance = {
  accountId: '123456789012',
  region: 'eu-west-1',
  resourceId: 'db-ORDERS',
  instanceId: 'orders-1',
  clusterId: 'orders',
  engine: 'aurora-mysql',
  status: 'available',
  tags: {},
};

function listed(changes: Partial<ListedFile> = {}): ListedFile {
  return { name: ACTIVE, size: 1000, lastWritten: NOW - MINUTE, ...changes };
}

/** A file that was archived and parsed as it was just listed. */
function row(changes: Partial<GenerationPosition> = {}): GenerationPosition {
  const done = { end: 1000, indexed: 1000, listedSize: 1000, lastWritten: NOW - MINUTE, changedAt: NOW - MINUTE };
  const empty = { chain: '', marker: '', records: 0, rawRecords: 0 };
  return { seq: 1, fileName: ACTIVE, state: 'open', ...empty, ...done, ...changes };
}

function look(
  files: readonly ListedFile[],
  rows: readonly GenerationPosition[],
  options: { now?: number; settings?: Partial<PlanSettings>; instance?: DbInstance; since?: number } = {},
) {
  const { now = NOW, instance = INSTANCE, since } = options;
  const byKind = Map.groupBy(rows, (one) => logKind(one.fileName));
  const waitingSince = new Map(since === undefined ? [] : files.map((file) => [file.name, since]));
  const input = { instance, listed: files, rows: byKind, now, waitingSince };
  return plan(input, { ...PLAN_DEFAULTS, ...options.settings });
}

const names = (planned: ReturnType<typeof plan>) => planned.hints.map((hint) => hint.fileName);

describe('plan', () => {
  it.each([
    ['was never seen, even when it is empty', listed({ size: 0 }), []],
    ['has 16 MB waiting', listed({ size: 1000 + 16 * 1024 * 1024 }), [row()]],
    ['was written to and is shorter than what is archived', listed({ size: 10, lastWritten: NOW }), [row()]],
    ['was written to and is as long as what is archived', listed({ lastWritten: NOW }), [row()]],
    ['has its final name and has been still for 15 minutes', listed({ name: DATED }), [still(DATED, 15)]],
    ['was rotated and has been still for 15 minutes', listed({ name: ROTATED }), [still(ROTATED, 15)]],
    ['has an undelivered record and has been still for 5 minutes', listed(), [{ ...still(ACTIVE, 5), indexed: 900 }]],
    ['is closed and grew', listed({ size: 1001, lastWritten: NOW }), [row({ state: 'closed' })]],
    ['is closed and has undelivered records', listed(), [row({ state: 'closed', indexed: 900 })]],
    ['has a sealed copy that is longer than what is delivered', listed(), [row({ state: 'closed', sealedSize: 1001 })]],
    ['failed before, and its pause is over', listed(), [row({ indexed: 0, changedAt: 0, nextAttemptAt: NOW })]],
  ])('hints a file that %s', (_why, file, rows) => {
    expect(names(look([file], rows))).toEqual([file.name]);
  });

  it.each([
    ['is archived and parsed', listed(), [row()]],
    ['has little waiting for a short time', listed({ size: 2000 }), [row()]],
    ['is active and has been still for long', listed(), [still(ACTIVE, 1000)]],
    ['has its final name and has been still for less than 15 minutes', listed({ name: DATED }), [still(DATED, 14)]],
    ['is closed, archived and parsed', listed(), [row({ state: 'closed' })]],
    ['is closed and only listed longer, without a write', listed({ size: 2000 }), [row({ state: 'closed' })]],
    ['has a name for life and was touched', listed({ name: DATED, lastWritten: NOW }), [row({ fileName: DATED })]],
    ['is parked', listed({ size: 1e9 }), [row({ parked: true })]],
    ['failed, and its pause is not over', listed({ size: 1e9 }), [row({ nextAttemptAt: NOW + 1 })]],
  ])('hints no file that %s', (_why, file, rows) => {
    expect(names(look([file], rows))).toEqual([]);
  });

  it('remembers since when bytes wait, and hints them when the oldest has waited for two minutes', () => {
    const grown = listed({ size: 2000, lastWritten: NOW });
    const first = look([grown], [row()]);
    expect([...first.waitingSince]).toEqual([[ACTIVE, NOW]]);
    const longer = look([{ ...grown, size: 3000 }], [row()], { now: NOW + MINUTE, since: NOW });
    expect([...longer.waitingSince]).toEqual([[ACTIVE, NOW]]);
    const due = look([grown], [row()], { now: NOW + 2 * MINUTE, since: NOW });
    expect(names(due)).toEqual([ACTIVE]);
    expect(due.waitingSince.size).toBe(0);
  });

  it('asks about an open file that no listed file is any more, until its chain is closed', () => {
    const gone = row({ fileName: ROTATED, listedSize: 1234, lastWritten: 77 });
    expect(look([], [gone]).hints).toMatchObject([{ fileName: ROTATED, size: 1234, lastWritten: 77 }]);
    for (const settled of [{ state: 'closed' }, { state: 'lost' }, { parked: true }, { nextAttemptAt: NOW + 1 }]) {
      expect(names(look([], [{ ...gone, ...settled } as GenerationPosition]))).toEqual([]);
    }
  });

  it('measures a name against the newest generation that had it', () => {
    const rows = [row({ seq: 1, state: 'closed', end: 5 }), row({ seq: 2 })];
    expect(names(look([listed()], rows))).toEqual([]);
  });

  it.each([
    ['aurora-mysql', ACTIVE, 24],
    ['aurora-mysql', 'general/mysql-general.log', 24],
    ['aurora-mysql', DATED, 24],
    ['aurora-mysql', 'error/mysql-error.log', 30 * 24],
    ['aurora-postgresql', 'error/postgresql.log.2026-11-21-0200', 72],
  ])('says that %s may delete %s %s hours after its last write', (engine, name, hours) => {
    const file = listed({ name });
    const [hint] = look([file], [], { instance: { ...INSTANCE, engine } }).hints;
    expect(hint).toMatchObject({ kind: logKind(name), deadline: file.lastWritten + hours * HOUR, listedAt: NOW });
    expect(hintSchema.safeParse(hint).success).toBe(true);
  });

  const anyFile = fc.record({
    name: fc.constantFrom(ACTIVE, ROTATED, DATED),
    size: fc.integer({ min: 0, max: 3000 }),
    lastWritten: fc.integer({ min: NOW - HOUR, max: NOW }),
  });
  const anyRow = fc.record({
    fileName: fc.constantFrom(ACTIVE, ROTATED, DATED),
    state: fc.constantFrom('open' as const, 'closed' as const, 'lost' as const),
    end: fc.integer({ min: 0, max: 3000 }),
    undelivered: fc.integer({ min: 0, max: 1 }),
    lastWritten: fc.integer({ min: NOW - HOUR, max: NOW }),
    changedAt: fc.integer({ min: NOW - HOUR, max: NOW }),
    nextAttemptAt: fc.integer({ min: NOW - HOUR, max: NOW + HOUR }),
  });
  const atMostOne = { maxLength: 1 };

  it('hints whatever is not finished when its pause is over, whatever its state, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyFile, atMostOne), fc.array(anyRow, atMostOne), (files, made) => {
        const rows = made.map((one) => row({ ...one, indexed: Math.max(0, one.end - one.undelivered) }));
        const unfinished = [
          ...files.filter((file) =>
            isUnfinished(
              file,
              rows.find((one) => one.fileName === file.name),
            ),
          ),
          ...rows.filter((one) => one.state === 'open' && files.every((file) => file.name !== one.fileName)),
        ].map((one) => ('name' in one ? one.name : one.fileName));
        expect([...hintedWithin(2 * HOUR, files, rows)].sort()).toEqual(unfinished.sort());
      }),
      { numRuns: 500 },
    );
  });
});

function still(fileName: string, minutes: number): GenerationPosition {
  return row({ fileName, changedAt: NOW - minutes * MINUTE });
}

/** What is said of a fleet in which nothing happens and nobody works, looked at every minute. */
function hintedWithin(ms: number, files: readonly ListedFile[], rows: readonly GenerationPosition[]): Set<string> {
  const said = new Set<string>();
  let waitingSince: ReadonlyMap<string, number> = new Map();
  for (let now = NOW; now <= NOW + ms; now += MINUTE) {
    const byKind = Map.groupBy(rows, (one) => logKind(one.fileName));
    const planned = plan({ instance: INSTANCE, listed: files, rows: byKind, now, waitingSince }, PLAN_DEFAULTS);
    waitingSince = planned.waitingSince;
    for (const hint of planned.hints) said.add(hint.fileName);
  }
  return said;
}

/** Said in other words than the plan's: there are bytes, records or an end that the archive does not have. */
function isUnfinished(file: ListedFile, position: GenerationPosition | undefined): boolean {
  if (position === undefined || position.indexed < contentEnd(position)) return true;
  const written = file.lastWritten > position.lastWritten;
  if (position.state !== 'open') return file.size > position.end && written;
  return file.size > position.end || isFinalName(file.name) || (written && file.name === ACTIVE);
}
