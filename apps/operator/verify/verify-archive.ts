import { isFailure } from '../../shared/failure.ts';
import { type ListedFile, type LogSeries, seriesKey } from '../../shared/log-file.ts';
import type { Archive, Registration } from '../../shared/ports/archive.ts';
import type { Positions } from '../../shared/ports/positions.ts';
import { add, type FileReport, NOTHING, type VerifySummary } from './findings.ts';
import { type ReportDeps, reportFile, unknownFile } from './report-file.ts';
import type { SourceListing } from './source-listing.ts';
import { SameBeginnings } from './twice.ts';

/** Without `records`, nothing counts as parsed. */
export interface VerifyDeps extends ReportDeps {
  readonly positions: Pick<Positions, 'series' | 'generations'>;
  /** Without it, what was listed is what the positions remember. */
  readonly source?: SourceListing;
  /** Ends the work between two files; the summary is then of those that were looked at. */
  readonly signal: AbortSignal;
}

/** Told as the work goes on. */
export interface VerifyObserver {
  file(report: FileReport): void;
  /** Bytes read from the archive since the last call. */
  bytes(count: number): void;
}

/**
 * Audits all that is archived from the objects themselves: every chain is walked, every byte read and hashed, and
 * compared with what was listed and with the records. Problems are findings; failures mean that it could not look.
 */
export async function verifyArchive(deps: VerifyDeps, observer: VerifyObserver): Promise<VerifySummary> {
  let sum = NOTHING;
  for await (const report of reports(deps, observer)) {
    if (deps.signal.aborted) break;
    sum = add(sum, report);
    observer.file(report);
  }
  return sum;
}

async function* reports(deps: VerifyDeps, observer: VerifyObserver): AsyncGenerator<FileReport> {
  const looked = new Set<string>();
  for await (const series of deps.archive.series()) {
    looked.add(seriesKey(series));
    yield* seriesReports(deps, series, observer);
  }
  for await (const series of deps.positions.series()) {
    if (!looked.has(seriesKey(series))) yield* seriesReports(deps, series, observer);
  }
  for await (const { instance, kind, file } of deps.source?.others() ?? []) {
    const { resourceId, instanceId } = instance;
    yield unknownFile({ instanceId, resourceId, kind }, file.name, file.size);
  }
}

async function* seriesReports(deps: VerifyDeps, series: LogSeries, observer: VerifyObserver) {
  const registrations = await registrationsOf(deps.archive, series);
  if ('damaged' in registrations) yield registrations.damaged;
  const good = 'good' in registrations ? registrations.good : [];
  const positions = new Map((await deps.positions.generations(series)).map((position) => [position.seq, position]));
  const listed = await deps.source?.filesOf(series);
  const sizes = listed && (await sizesByGeneration(deps.archive, series, good, listed));
  const beginnings = new SameBeginnings();
  const instanceId = good.at(-1)?.instanceId ?? '';
  for (const registration of good) {
    if (deps.signal.aborted) return;
    const position = positions.get(registration.seq);
    positions.delete(registration.seq);
    const listedNow = sizes?.bySeq.get(registration.seq);
    const work = { series, registration, all: good, position, listedNow, beginnings };
    yield await reportFile(deps, work, observer.bytes);
  }
  for (const position of 'damaged' in registrations ? [] : positions.values()) {
    const { seq, fileName, end, listedSize } = position;
    const report = unknownFile({ ...series, instanceId }, fileName, Math.max(end, listedSize));
    yield { ...report, generation: seq };
  }
  for (const name of sizes?.unknown ?? []) yield unknownFile({ ...series, instanceId }, name.name, name.size);
}

async function registrationsOf(
  archive: Archive,
  series: LogSeries,
): Promise<{ good: readonly Registration[] } | { damaged: FileReport }> {
  try {
    return { good: await archive.registrations(series) };
  } catch (error) {
    if (!isFailure(error, 'ARCHIVE_CORRUPT')) throw error;
    const problems = [{ kind: 'corrupt' as const, message: `${error.message} No file of this series can be read.` }];
    return { damaged: { ...unknownFile({ ...series, instanceId: '' }, '(all of this kind)', 0), problems } };
  }
}

interface ListedNow {
  readonly bySeq: ReadonlyMap<number, number>;
  /** Files that no generation is. */
  readonly unknown: readonly ListedFile[];
}

/** Which generation each listed file is: the newest that had its name. */
async function sizesByGeneration(
  archive: Archive,
  series: LogSeries,
  registrations: readonly Registration[],
  listed: readonly ListedFile[],
): Promise<ListedNow> {
  const seqOfName = new Map<string, number>();
  for (const { seq, fileName } of registrations) {
    const added = await archive.names({ ...series, seq });
    for (const name of [fileName, ...added.map((one) => one.fileName)]) seqOfName.set(name, seq);
  }
  const bySeq = new Map<number, number>();
  const unknown: ListedFile[] = [];
  for (const file of [...listed].sort((one, other) => other.size - one.size)) {
    const seq = seqOfName.get(file.name);
    const greatest = seq === undefined ? undefined : bySeq.get(seq);
    // Two files of different sizes that are listed at once are two files, whatever the archive took them for.
    if (seq === undefined || (greatest !== undefined && greatest !== file.size)) unknown.push(file);
    else bySeq.set(seq, file.size);
  }
  return { bySeq, unknown };
}
