import { mapLimited } from '../shared/archive/map-limited.ts';
import { isFailure } from '../shared/failure.ts';
import type { Hint } from '../shared/hint.ts';
import { type DbInstance, dbSystem, kindsOf, type ListedFile, type LogKind, logKind } from '../shared/log-file.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { LogSource } from '../shared/ports/log-source.ts';
import type { GenerationPosition, Positions } from '../shared/ports/positions.ts';
import { type PlanSettings, plan } from './plan.ts';

export interface DiscoverDeps {
  readonly source: LogSource;
  readonly positions: Positions;
  readonly clock: Clock;
  readonly settings: PlanSettings & {
    /** Instances that are looked at, by their identifier. */
    readonly wanted: (instance: DbInstance) => boolean;
    /** Instances listed at once. */
    readonly concurrency: number;
  };
}

/** One look at the fleet. */
export interface Discovery {
  readonly instances: readonly DbInstance[];
  /** Instances of the account that are not wanted, and so were not looked at. */
  readonly others: readonly DbInstance[];
  readonly files: number;
  readonly bytesListed: number;
  readonly hints: readonly Hint[];
  /** Instances that could not be looked at; paused ones are not among them. The others are complete. */
  readonly failed: readonly { readonly instance: DbInstance; readonly error: unknown }[];
}

export type Discover = (signal: AbortSignal) => Promise<Discovery>;

/** Rows per series that a plan looks at: more than the files that RDS can list of one kind. */
const ROWS = 1000;

/** Lists the fleet and works out what is not finished. One slow or broken instance never hides the others. */
export function createDiscover(deps: DiscoverDeps): Discover {
  const waitingSince = new Map<string, ReadonlyMap<string, number>>();

  async function lookAt(
    instance: DbInstance,
    signal: AbortSignal,
  ): Promise<{ listed: readonly ListedFile[]; hints: readonly Hint[] }> {
    await refreshMetadata(deps, instance, signal);
    const listed = await deps.source.files(instance, {}, signal);
    const rows = await rowsOf(deps.positions, instance, listed);
    const since = waitingSince.get(instance.resourceId) ?? new Map();
    const planned = plan({ instance, listed, rows, now: deps.clock.now(), waitingSince: since }, deps.settings);
    waitingSince.set(instance.resourceId, planned.waitingSince);
    return { listed, hints: planned.hints };
  }

  return async function discover(signal) {
    const all = await deps.source.instances(signal);
    const grouped = Object.groupBy(all, (one) => (deps.settings.wanted(one) ? 'wanted' : 'others'));
    const { wanted: instances = [], others = [] } = grouped;
    const found = {
      files: 0,
      bytesListed: 0,
      hints: [] as Hint[],
      failed: [] as { instance: DbInstance; error: unknown }[],
    };
    const resourceIds = new Set(instances.map((one) => one.resourceId));
    for (const gone of [...waitingSince.keys()].filter((id) => !resourceIds.has(id))) waitingSince.delete(gone);
    await mapLimited(instances, deps.settings.concurrency, async (instance) => {
      try {
        const { listed, hints } = await lookAt(instance, signal);
        found.files += listed.length;
        found.bytesListed += listed.reduce((sum, file) => sum + file.size, 0);
        found.hints.push(...hints);
      } catch (error) {
        if (!isFailure(error) || signal.aborted) throw error;
        // Paused or deleted between the two calls: nothing is wrong with it.
        if (!isFailure(error, 'INSTANCE_NOT_READY', 'INSTANCE_NOT_FOUND')) found.failed.push({ instance, error });
      }
    });
    return { instances, others, ...found };
  };
}

async function refreshMetadata(
  { source, positions }: DiscoverDeps,
  instance: DbInstance,
  signal: AbortSignal,
): Promise<void> {
  if (await positions.instance(instance.resourceId)) return;
  await positions.rememberInstance(instance, await source.parameters(instance, signal));
}

/** The rows of every kind that the engine or the listing knows: also of kinds whose files are all gone. */
async function rowsOf(positions: Positions, instance: DbInstance, listed: readonly ListedFile[]) {
  const { accountId, region, resourceId } = instance;
  const rows = new Map<LogKind, readonly GenerationPosition[]>();
  for (const kind of new Set([...kindsOf(dbSystem(instance.engine)), ...listed.map((file) => logKind(file.name))])) {
    rows.set(kind, await positions.generations({ accountId, region, resourceId, kind }, ROWS));
  }
  return rows;
}
