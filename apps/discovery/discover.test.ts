import { describe, expect, it } from '@jest/globals';
import { Failure } from '../shared/failure.ts';
import type { DbInstance, ListedFile } from '../shared/log-file.ts';
import type { LogSource } from '../shared/ports/log-source.ts';
import { createMemoryPositions } from '../shared/testing/memory-positions.ts';
import { createDiscover, type DiscoverDeps } from './discover.ts';
import { PLAN_DEFAULTS } from './plan.ts';

const ACTIVE = 'slowquery/mysql-slowquery.log';
const NOW = Date.UTC(2026, 10, 21, 3, 12);

function instance(instanceId: string): DbInstance {
  const where = { accountId: '123456789012', region: 'eu-west-1', resourceId: `db-${instanceId}` };
  return { ...where, instanceId, clusterId: 'c', engine: 'aurora-mysql', status: 'available', tags: {} };
}

/** A fleet by instance: its files, or why they cannot be listed. */
function createWorld(
  fleet: Record<string, readonly ListedFile[] | Error>,
  settings: Partial<DiscoverDeps['settings']> = {},
) {
  let now = NOW;
  const asked = { parameters: [] as string[], busy: 0, mostBusy: 0 };
  const source: Pick<LogSource, 'instances' | 'files' | 'parameters'> = {
    instances: async () => Object.keys(fleet).map(instance),
    files: async ({ instanceId }) => {
      asked.busy += 1;
      asked.mostBusy = Math.max(asked.mostBusy, asked.busy);
      await new Promise((resolve) => setImmediate(resolve));
      asked.busy -= 1;
      const files = fleet[instanceId] ?? [];
      if (files instanceof Error) throw files;
      return files;
    },
    parameters: async ({ instanceId }) => {
      asked.parameters.push(instanceId);
      return { log_line_prefix: '%m ' };
    },
  };
  const positions = createMemoryPositions();
  const discover = createDiscover({
    source: source as LogSource,
    positions,
    clock: { now: () => now, sleep: async () => {} },
    settings: { ...PLAN_DEFAULTS, wanted: () => true, concurrency: 2, ...settings },
  });
  const look = () => discover(new AbortController().signal);
  const pass = (ms: number) => {
    now += ms;
  };
  return { fleet, positions, asked, look, pass };
}

const file = (size = 10): ListedFile => ({ name: ACTIVE, size, lastWritten: NOW });

describe('discover', () => {
  it('says what there is and what is due, instance by instance, a few at a time', async () => {
    const world = createWorld({ a: [file(), { ...file(), name: `${ACTIVE}.2026-11-21.02` }], b: [], c: [file(5)] });
    const { instances, files, bytesListed, hints, failed } = await world.look();
    expect({ files, bytesListed, failed }).toEqual({ files: 3, bytesListed: 25, failed: [] });
    expect(instances).toHaveLength(3);
    expect(hints.map((hint) => hint.instanceId).sort()).toEqual(['a', 'a', 'c']);
    expect(world.asked.mostBusy).toBe(2);
  });

  it('looks at no instance that is not wanted, and says which those are', async () => {
    const wanted = (one: DbInstance) => one.instanceId !== 'b';
    const { instances, others, hints } = await createWorld({ a: [file()], b: [file()] }, { wanted }).look();
    expect(hints.map((hint) => hint.instanceId)).toEqual(['a']);
    expect([instances, others].map((some) => some.map((one) => one.instanceId))).toEqual([['a'], ['b']]);
  });

  it('hides no instance behind one that fails', async () => {
    const refused = new Failure('ACCESS_DENIED', 'not this one');
    const { hints, failed } = await createWorld({ a: refused, b: [file()], c: refused, d: [file()] }).look();
    expect(hints.map((hint) => hint.instanceId)).toEqual(['b', 'd']);
    expect(failed.map(({ instance: { instanceId }, error }) => [instanceId, error])).toEqual([
      ['a', refused],
      ['c', refused],
    ]);
  });

  it.each(['INSTANCE_NOT_READY', 'INSTANCE_NOT_FOUND'] as const)('takes %s for no failure', async (code) => {
    const { hints, failed } = await createWorld({ a: new Failure(code, 'paused'), b: [file()] }).look();
    expect({ failed, hints: hints.length }).toEqual({ failed: [], hints: 1 });
  });

  it('lets a bug surface, after the look-ups at hand have ended', async () => {
    const world = createWorld({ a: new TypeError('a bug'), b: [file()] });
    await expect(world.look()).rejects.toThrow('a bug');
    expect(world.asked.busy).toBe(0);
  });

  it('asks for the parameters of an instance once, while its metadata is remembered', async () => {
    const world = createWorld({ a: [file()] });
    await world.look();
    await world.look();
    expect(world.asked.parameters).toEqual(['a']);
    expect(await world.positions.instance('db-a')).toMatchObject({ parameters: { log_line_prefix: '%m ' } });
  });

  it('keeps the age of waiting bytes from look to look, and forgets it with the instance', async () => {
    const world = createWorld({ a: [file(20)] });
    const { accountId, region, resourceId } = instance('a');
    const archived = { end: 10, indexed: 10, listedSize: 10, lastWritten: NOW, changedAt: NOW };
    const row = { seq: 1, fileName: ACTIVE, state: 'open' as const, chain: '', marker: '', records: 0, rawRecords: 0 };
    await world.positions.save({ accountId, region, resourceId, kind: 'slowquery' }, { ...row, ...archived });
    const due = async () => (await world.look()).hints.length;
    expect(await due()).toBe(0);
    world.pass(PLAN_DEFAULTS.dueAfterMs - 1);
    expect(await due()).toBe(0);
    world.pass(1);
    expect(await due()).toBe(1);
    const { a } = world.fleet;
    delete world.fleet['a'];
    await world.look();
    Object.assign(world.fleet, { a });
    expect(await due()).toBe(0);
  });

  it('asks about open files of a kind that is not listed at all any more', async () => {
    const world = createWorld({ a: [] });
    const { accountId, region, resourceId } = instance('a');
    const row = { seq: 1, fileName: ACTIVE, state: 'open' as const, chain: '', marker: '', records: 0, rawRecords: 0 };
    const archived = { end: 10, indexed: 10, listedSize: 30, lastWritten: NOW, changedAt: NOW };
    await world.positions.save({ accountId, region, resourceId, kind: 'slowquery' }, { ...row, ...archived });
    expect((await world.look()).hints).toMatchObject([{ instanceId: 'a', fileName: ACTIVE, size: 30 }]);
  });
});
