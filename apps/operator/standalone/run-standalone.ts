import { createDiscover, type Discovery } from '../../discovery/discover.ts';
import type { PlanSettings } from '../../discovery/plan.ts';
import type { CreateParser } from '../../processor/parsers/record-parser.ts';
import { createRecordTails } from '../../processor/record-tails.ts';
import type { ShipSettings } from '../../processor/ship-deps.ts';
import { createShipLogFile } from '../../processor/ship-log-file.ts';
import { createSlabPool } from '../../processor/slab-pool.ts';
import { isFailure } from '../../shared/failure.ts';
import type { Hint } from '../../shared/hint.ts';
import type { InProcessHints } from '../../shared/hints/in-process-hints.ts';
import { type DbInstance, isRotatedName } from '../../shared/log-file.ts';
import type { Archive } from '../../shared/ports/archive.ts';
import type { Clock, Random } from '../../shared/ports/clock.ts';
import type { LogSource } from '../../shared/ports/log-source.ts';
import type { Positions } from '../../shared/ports/positions.ts';
import type { RecordSink } from '../../shared/ports/record-sink.ts';
import { endsRun } from './ends-run.ts';
import { together } from './together.ts';
import { type Fate, workHints } from './work-hints.ts';

export interface StandaloneDeps {
  readonly source: LogSource;
  readonly archive: Archive;
  readonly positions: Positions;
  readonly sink: RecordSink;
  /** Of this run alone: closed when it ends. */
  readonly hints: InProcessHints;
  readonly createParser: CreateParser;
  readonly clock: Clock;
  readonly random: Random;
  readonly writer: string;
}

export interface StandaloneSettings {
  readonly ship: ShipSettings;
  readonly plan: PlanSettings;
  readonly wanted: (instance: DbInstance) => boolean;
  /** Between two looks at the fleet. */
  readonly intervalMs: number;
  /** Files worked on at once, and instances listed at once. */
  readonly concurrency: number;
  /** Raw bytes in memory, over all files. */
  readonly inFlightBytes: number;
}

export interface StandaloneObserver {
  onDiscovery?(discovery: Discovery): void;
  /** The fleet could not be listed; it is tried again at the next look. */
  onLookFailed?(error: unknown): void;
  onFate?(fate: Fate): void;
}

/** What could not be done; empty when all that was listed at the start is archived and parsed. */
export interface Undone {
  readonly what: string;
  readonly error: unknown;
}

/** How often `runOnce` looks at the fleet, at most; what fails until then is reported. */
const MAX_LOOKS = 8;
/** Before the next look when something failed that may go well later. */
const RETRY_PAUSE_MS = 1000;
const RECORD_TAIL_BYTES = 16 * 1024 * 1024;

/**
 * Discovery and processor in one process, following the fleet until the signal fires; returns when the slices at hand
 * have ended. Fails at once with what every file would meet, such as ARCHIVE_FULL or CREDENTIALS_INVALID.
 */
export async function runFollowing(
  deps: StandaloneDeps,
  settings: StandaloneSettings,
  observer: StandaloneObserver,
  signal: AbortSignal,
): Promise<void> {
  await withWorkers(deps, settings, observer, signal, async (discover, stop) => {
    while (!stop.aborted) {
      try {
        const discovery = await discover(stop);
        observer.onDiscovery?.(discovery);
        await deps.hints.publish(discovery.hints);
      } catch (error) {
        if (stop.aborted) break;
        // The API answers again or it does not: a fleet that cannot be listed now is listed at the next look.
        if (!isFailure(error) || !error.retryable) throw error;
        observer.onLookFailed?.(error);
      }
      await deps.clock.sleep(settings.intervalMs, stop);
    }
  });
}

/**
 * Archives and parses all that is listed at the start, and ends. Files that were rotated meanwhile are looked for under
 * their new names; what may go well later is tried again. Answers what could not be done; fails as `runFollowing` does,
 * and when the fleet cannot be listed.
 */
export async function runOnce(
  deps: StandaloneDeps,
  settings: StandaloneSettings,
  observer: StandaloneObserver,
  signal: AbortSignal,
): Promise<readonly Undone[]> {
  const undone = createUndoneList();
  const onFate = (fate: Fate) => {
    undone.onFate(fate);
    observer.onFate?.(fate);
  };
  await withWorkers(deps, settings, { ...observer, onFate }, signal, async (discover, stop) => {
    for (let look = 0; look < MAX_LOOKS && !stop.aborted; look += 1) {
      const discovery = await discover(stop);
      observer.onDiscovery?.(discovery);
      const wanted = undone.wantedOf(discovery);
      if (wanted.length === 0 && !undone.mayGoWell()) return;
      await deps.hints.publish(wanted);
      await deps.hints.idle();
      if (undone.mayGoWell()) await deps.clock.sleep(RETRY_PAUSE_MS, stop);
    }
  });
  return undone.list();
}

/** Remembers over several looks what failed, and which hints of a later look belong to the first. */
function createUndoneList() {
  const failed = new Map<string, Undone>();
  const lookedAt = new Set<string>();
  const seen = new Set<string>();
  const settle = (what: string, error: unknown) => {
    if (error === undefined) failed.delete(what);
    else failed.set(what, { what, error });
  };
  const mayGoWell = ({ error }: Undone) => isFailure(error) && error.retryable;

  function isWanted(hint: Hint): boolean {
    const file = hintFile(hint);
    const before = failed.get(file);
    if (!lookedAt.has(hint.instanceId)) return true;
    if (before !== undefined) return mayGoWell(before);
    // A rotated name that is new may be a file that was listed at the start under its active name.
    return isRotatedName(hint.fileName) && !seen.has(file);
  }

  return {
    list: () => [...failed.values()],
    mayGoWell: () => [...failed.values()].some(mayGoWell),
    onFate: ({ hint, error, shipped }: Fate) => settle(hintFile(hint), error ?? shipped?.sinkFailure),
    wantedOf: (discovery: Discovery): readonly Hint[] => {
      for (const { instanceId } of discovery.instances) settle(instanceId, undefined);
      for (const { instance, error } of discovery.failed) settle(instance.instanceId, error);
      const wanted = discovery.hints.filter(isWanted);
      for (const { instanceId } of discovery.instances) if (!failed.has(instanceId)) lookedAt.add(instanceId);
      for (const hint of wanted) seen.add(hintFile(hint));
      return wanted;
    },
  };
}

type DiscoverWithin = (signal: AbortSignal) => Promise<Discovery>;

/** Runs workers beside `lead`; whichever ends or fails first ends the other. */
async function withWorkers(
  deps: StandaloneDeps,
  settings: StandaloneSettings,
  observer: StandaloneObserver,
  signal: AbortSignal,
  lead: (discover: DiscoverWithin, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const { concurrency } = settings;
  const look = createDiscover({ ...deps, settings: { ...settings.plan, wanted: settings.wanted, concurrency } });
  const discover = async (stop: AbortSignal) => {
    const discovery = await look(stop);
    const hopeless = discovery.failed.find(({ error }) => endsRun(error));
    if (hopeless) throw hopeless.error;
    return discovery;
  };
  const ship = createShipLogFile({
    ...deps,
    settings: settings.ship,
    slabs: createSlabPool(settings.ship.slotBytes, settings.inFlightBytes),
    tails: createRecordTails(RECORD_TAIL_BYTES),
  });
  const onFate = (fate: Fate) => observer.onFate?.(fate);
  await together(signal, [
    (stop) => workHints({ ...deps, ship, concurrency, onFate }, stop),
    (stop) => {
      // A queue that nobody works on any more never becomes idle.
      stop.addEventListener('abort', () => deps.hints.close(), { once: true });
      return lead(discover, stop);
    },
  ]);
}

function hintFile(hint: Hint): string {
  return `${hint.instanceId}/${hint.fileName}`;
}
