import { type DbInstance, type LogSeries, logKind, nameFamily, seriesKey } from '../shared/log-file.ts';
import type { GenerationPosition } from '../shared/ports/positions.ts';
import { declareLost } from './close-generation.ts';
import type { ShipDeps } from './ship-deps.ts';

/** Open generations that are looked at; older ones were settled when they were the newest. */
const NEWEST = 24;
/** Generations of which it is remembered since when they are missing. */
const MAX_MISSING = 10_000;

export type SettleSeries = (
  instance: DbInstance,
  series: LogSeries,
  signal: AbortSignal,
) => Promise<readonly GenerationPosition[]>;

/**
 * Looks for open generations that no listed file is any more, and gives them up when that lasts: bytes that were listed
 * and not archived are declared lost. A listed file that was not matched yet may be any of its family, so it is waited
 * for. Answers the generations that were given up.
 */
export function createSettleSeries(deps: ShipDeps): SettleSeries {
  const missingSince = new Map<string, number>();

  function isMissingLong(key: string, now: number): boolean {
    const since = missingSince.get(key);
    if (since !== undefined) return now - since >= deps.settings.vanishedAfterMs;
    if (missingSince.size >= MAX_MISSING) missingSince.clear();
    missingSince.set(key, now);
    return deps.settings.vanishedAfterMs === 0;
  }

  return async function settleSeries(instance, series, signal) {
    const open = (await deps.positions.generations(series, NEWEST)).filter((row) => row.state === 'open');
    const listed = await deps.source.files(instance, {}, signal);
    const names = listed.map((file) => file.name).filter((name) => logKind(name) === series.kind);
    const seqs = await Promise.all(names.map((name) => deps.positions.nameOf(series, name)));
    const unmatchedFamilies = new Set(names.filter((_, index) => seqs[index] === undefined).map(nameFamily));
    const given: GenerationPosition[] = [];
    for (const position of open) {
      const key = `${seriesKey(series)}/${position.seq}`;
      const mayStillBeThere = seqs.includes(position.seq) || unmatchedFamilies.has(nameFamily(position.fileName));
      if (mayStillBeThere) missingSince.delete(key);
      else if (isMissingLong(key, deps.clock.now())) {
        missingSince.delete(key);
        given.push(
          await declareLost(
            deps,
            { ...series, seq: position.seq },
            position,
            'deleted at the source before it was read',
          ),
        );
      }
    }
    return given;
  };
}
