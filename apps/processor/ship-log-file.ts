import { isFailure } from '../shared/failure.ts';
import type { Hint } from '../shared/hint.ts';
import { type DbInstance, dbSystem, isFinalName, isNameForLife, type LogSeries } from '../shared/log-file.ts';
import { contentEnd, type GenerationPosition } from '../shared/ports/positions.ts';
import { closeGeneration, mayClose } from './close-generation.ts';
import { type Fetched, type FetchWork, fetchPortions, fetchWhole } from './fetch-new-bytes.ts';
import { findGeneration } from './find-generation.ts';
import { createIndexer, type FileEnd } from './index-records.ts';
import type { SourceFile } from './log-file-io.ts';
import { NotThisFile } from './match.ts';
import type { RecordContext } from './parsers/record-parser.ts';
import { createRecordDelivery } from './record-delivery.ts';
import { createSettleSeries } from './settle-series.ts';
import type { ShipDeps } from './ship-deps.ts';
import { wayOfReading } from './way-of-reading.ts';

/** What one slice of work came to. */
export interface Shipped {
  readonly outcome:
    | 'archived'
    | 'closed'
    | 'lost'
    | 'waiting-for-record'
    | 'waiting-for-rotation'
    | 'renamed-meanwhile'
    | 'gone';
  readonly seq?: number;
  /** Bytes [from, to) were archived in this slice. */
  readonly from: number;
  readonly to: number;
  /** There is more to do at once: the slice ended by its limits, or the name stands for another file now. */
  readonly more: boolean;
  /** Why records were not delivered; the bytes are archived all the same. */
  readonly sinkFailure?: unknown;
}

export type ShipLogFile = (hint: Hint, signal: AbortSignal) => Promise<Shipped>;

/**
 * Archives what is new in one log file, delivers its records, and closes it when it is complete: one slice of work.
 * Stores first, remembers second, tells third; crashes and other workers, however many, change neither bytes nor order.
 * Fails with the failures of its ports, after which the next slice goes on where the archive ends.
 */
export function createShipLogFile(deps: ShipDeps): ShipLogFile {
  const settleSeries = createSettleSeries(deps);

  async function shipSlice(hint: Hint, distrustName: boolean, signal: AbortSignal): Promise<Shipped> {
    const series = seriesOf(hint);
    const file: SourceFile = { source: deps.source, instance: instanceOf(hint), fileName: hint.fileName };
    const found = await findGeneration(deps, series, { hint, file, distrustName }, signal);
    if (found === undefined) return { outcome: 'waiting-for-record', from: 0, to: 0, more: false };
    const position = found.displaced ? found.position : await rememberListing(deps, series, found.position, hint);
    const shipped = await shipGeneration(deps, { hint, series, file, head: found.head, position }, signal);
    if (await hasDisplaced(deps, series, position)) await settleSeries(file.instance, series, signal);
    return shipped;
  }

  async function shipRenamed(hint: Hint, error: NotThisFile, signal: AbortSignal): Promise<Shipped> {
    // A name for life that holds other bytes: the file was replaced, which is a new generation.
    if (isNameForLife(hint.fileName) && error.differs) return shipSlice(hint, true, signal);
    return { outcome: 'renamed-meanwhile', from: 0, to: 0, more: !isNameForLife(hint.fileName) };
  }

  return async function shipLogFile(hint, signal) {
    try {
      return await shipSlice(hint, false, signal);
    } catch (error) {
      if (error instanceof NotThisFile) return shipRenamed(hint, error, signal);
      if (!isFailure(error, 'LOG_FILE_GONE')) throw error;
      const given = await settleSeries(instanceOf(hint), seriesOf(hint), signal);
      return { outcome: given.some((row) => row.state === 'lost') ? 'lost' : 'gone', from: 0, to: 0, more: false };
    }
  };
}

function seriesOf({ accountId, region, resourceId, kind }: Hint): LogSeries {
  return { accountId, region, resourceId, kind };
}

interface Work extends Pick<FetchWork, 'file' | 'head' | 'position'> {
  readonly hint: Hint;
  readonly series: LogSeries;
}

async function shipGeneration(deps: ShipDeps, work: Work, signal: AbortSignal): Promise<Shipped> {
  const { hint, series, file, position: before } = work;
  const generation = { ...series, seq: before.seq };
  const context = await recordContext(deps, hint, before.seq);
  const delivery = createRecordDelivery((position) => createIndexer(deps, generation, context, position, signal));
  const { settings, clock } = deps;

  const fetched = await fetchNewBytes(deps, { ...work, generation, delivery, size: hint.size }, signal);
  let { position, more } = fetched;
  if (!more && mayClose(position, hint.fileName, clock.now(), settings.closeAfterMs)) {
    position = await closeGeneration(deps, { generation, position, file, size: hint.size }, signal);
    // A sealed copy or bytes that portions did not show: there is work that a fresh slice does best.
    more = position.state === 'open';
  } else if (position.indexed < contentEnd(position)) {
    position = await delivery.finish(fileEnd(deps, position, hint, more), position);
  }
  if (position.state !== 'open' && position.indexed < contentEnd(position)) {
    position = await delivery.finish('final', position);
  }
  return {
    outcome: outcomeOf(position, fetched),
    seq: position.seq,
    from: before.end,
    to: position.end,
    more,
    ...(delivery.failure === undefined ? {} : { sinkFailure: delivery.failure }),
  };
}

async function fetchNewBytes(
  deps: ShipDeps,
  work: FetchWork,
  signal: AbortSignal,
): Promise<Fetched & { waits: boolean }> {
  const { position, size, head } = work;
  if (position.state !== 'open' || position.end >= size) return { position, more: false, waits: false };
  const wholeOnly = position.wholeOnly === true || head?.wholeOnly === true;
  const final = isFinalName(work.file.fileName);
  const way = wayOfReading({ end: position.end, size, final, wholeOnly, untilDone: deps.settings.untilDone });
  if (way === 'wait') return { position, more: false, waits: true };
  const fetch = way === 'whole' ? fetchWhole : fetchPortions;
  return { ...(await fetch(deps, work, signal)), waits: false };
}

/** How the end of the archived bytes is to be taken by the parser. */
function fileEnd(deps: ShipDeps, position: GenerationPosition, hint: Hint, more: boolean): FileEnd {
  if (more || position.end < hint.size) return 'open';
  if (deps.clock.now() - position.changedAt >= deps.settings.flushAfterMs) return 'final';
  return deps.settings.untilDone ? 'tentative' : 'open';
}

function outcomeOf(position: GenerationPosition, fetched: { waits: boolean }): Shipped['outcome'] {
  if (position.state !== 'open') return 'closed';
  return fetched.waits ? 'waiting-for-rotation' : 'archived';
}

/** Remembers what the listing says of the file, before anything is read: what is lost later is measured against it. */
async function rememberListing(deps: ShipDeps, series: LogSeries, position: GenerationPosition, hint: Hint) {
  // A listing that is older than the last one says nothing new.
  if (hint.size <= position.listedSize && hint.lastWritten <= position.lastWritten) return position;
  const listedSize = Math.max(position.listedSize, hint.size);
  const lastWritten = Math.max(position.lastWritten, hint.lastWritten);
  return deps.positions.save(series, { ...position, listedSize, lastWritten, changedAt: deps.clock.now() });
}

/** Whether an older generation is open that had this name: it was rotated away and may never be seen again. */
async function hasDisplaced(deps: ShipDeps, series: LogSeries, position: GenerationPosition): Promise<boolean> {
  if (isNameForLife(position.fileName)) return false;
  const rows = await deps.positions.generations(series, 24);
  return rows.some((row) => row.state === 'open' && row.seq < position.seq && row.fileName === position.fileName);
}

async function recordContext(deps: ShipDeps, hint: Hint, seq: number): Promise<RecordContext> {
  const { accountId, region, clusterId, instanceId, resourceId, kind, fileName, engine } = hint;
  const known = await deps.positions.instance(resourceId);
  const logLinePrefix = known?.parameters['log_line_prefix'];
  const context = {
    accountId,
    region,
    clusterId,
    instanceId,
    resourceId,
    kind,
    fileName,
    seq,
    dbSystem: dbSystem(engine),
  };
  return logLinePrefix === undefined ? context : { ...context, logLinePrefix };
}

function instanceOf(hint: Hint): DbInstance {
  const { accountId, region, resourceId, instanceId, clusterId, engine } = hint;
  return { accountId, region, resourceId, instanceId, clusterId, engine, status: 'available', tags: {} };
}
