import { isFailure } from '../../shared/failure.ts';
import type { LogSeries } from '../../shared/log-file.ts';
import type { Archive, Registration } from '../../shared/ports/archive.ts';
import type { GenerationPosition } from '../../shared/ports/positions.ts';
import { type ChainFound, checkChain } from './check-chain.ts';
import { checkRecords, type RecordFiles } from './check-records.ts';
import { type FileReport, ProblemList } from './findings.ts';
import { bytesInBoth, type SameBeginnings } from './twice.ts';

export interface ReportDeps {
  readonly archive: Archive;
  readonly records?: RecordFiles;
}

/** What is known of a generation beside its chain. */
export interface Work {
  readonly series: LogSeries;
  readonly registration: Registration;
  readonly all: readonly Registration[];
  readonly position: GenerationPosition | undefined;
  /** Bytes that RDS lists now; undefined where it was not asked, or lists the file no more. */
  readonly listedNow: number | undefined;
  readonly beginnings: SameBeginnings;
}

/** Looks at one generation: its chain, what was listed of it, and its records. */
export async function reportFile(deps: ReportDeps, work: Work, onBytes: (count: number) => void): Promise<FileReport> {
  const { series, registration, position } = work;
  const { accountId, region, resourceId, kind } = series;
  const generation = { accountId, region, resourceId, kind, seq: registration.seq };
  const problems = new ProblemList();
  const found = await checkChain({ archive: deps.archive, problems, onBytes }, generation, registration);
  const bytesListed = checkListing(found, work, problems);
  const twice = await archivedTwice(deps.archive, work, found, problems);
  const records = deps.records && (await checkRecords(deps.records.of(generation), found.base, problems));
  if (records && found.isEndKnown) checkParsed(found, records.end, position, problems);
  return {
    instanceId: registration.instanceId,
    resourceId,
    kind,
    generation: registration.seq,
    fileName: found.lastFileName,
    state: found.sealed ? 'sealed' : found.state,
    bytesListed,
    bytesArchived: found.bytes,
    bytesParsed: records?.bytes ?? 0,
    bytesLost: lostBytes(found),
    bytesDuplicated: found.duplicated + twice,
    recordsParsed: records?.parsed ?? 0,
    recordsRaw: records?.raw ?? 0,
    problems: problems.all(),
  };
}

function lostBytes({ lost, sealed }: ChainFound): number {
  return lost === undefined || sealed ? 0 : lost.end - lost.start;
}

/**
 * How many own bytes RDS ever listed, as far as is known. What a chain was closed with was proven against the source and
 * stands; an older listing that says more does not count.
 */
function checkListing(found: ChainFound, work: Work, problems: ProblemList): number {
  const { registration, all, position, listedNow } = work;
  const { base, end, sealed, state, lost } = found;
  if (lost && !sealed)
    problems.add('lost', `bytes ${lost.start} to ${lost.end} were lost: ${lost.reason}`, {
      from: lost.start,
      to: lost.end,
    });
  const accounted = end + lostBytes(found);
  const isContinued = all.some((other) => other.continues?.seq === registration.seq);
  const now = isContinued ? undefined : listedNow;
  const remembered = state === 'open' && !sealed && !isContinued ? (position?.listedSize ?? 0) : 0;
  const listed = Math.max(accounted, now ?? remembered);
  if (!found.isEndKnown) return listed - base;
  if (listed > accounted) {
    const what = `bytes ${accounted} to ${listed} were listed but are not archived`;
    problems.add('missing', what, { from: accounted, to: listed });
  }
  if (position && !sealed && position.end > accounted) {
    const what = `the positions say ${position.end} bytes are archived, the archive has ${accounted}`;
    problems.add('position-ahead', what, { from: accounted, to: position.end });
  }
  return listed - base;
}

/** A closed file has to be parsed to its end; an open one as far as was remembered, its last record may still wait. */
function checkParsed(
  found: ChainFound,
  parsedTo: number,
  position: GenerationPosition | undefined,
  problems: ProblemList,
) {
  const isOpen = found.state === 'open' && !found.sealed;
  const required = isOpen ? Math.min(position?.indexed ?? 0, found.end) : found.end;
  if (parsedTo < required) {
    const what = `bytes ${parsedTo} to ${required} are archived but in no record`;
    problems.add('record-gap', what, { from: parsedTo, to: required });
  } else if (parsedTo > found.end) {
    const what = `the records go to ${parsedTo}, the archive to ${found.end}`;
    problems.add('record-invalid', what, { from: found.end, to: parsedTo });
  }
}

/** Bytes that an older generation holds as well: the file was taken for a new one. */
async function archivedTwice(archive: Archive, work: Work, found: ChainFound, problems: ProblemList): Promise<number> {
  const { series, registration, beginnings } = work;
  const older = registration.continues ? undefined : beginnings.find(registration, found.head);
  if (older === undefined) return 0;
  try {
    const twice = await bytesInBoth(archive, { ...series, seq: registration.seq }, { ...series, seq: older });
    problems.add('archived-twice', `its first ${twice} bytes are those of generation ${older}`, { from: 0, to: twice });
    return twice;
  } catch (error) {
    // Damage was noted when the chain was walked.
    if (!isFailure(error, 'ARCHIVE_CORRUPT')) throw error;
    return 0;
  }
}

/** A file that was listed, or is remembered, and of which the archive has nothing. */
export function unknownFile(
  of: Pick<FileReport, 'instanceId' | 'resourceId' | 'kind'>,
  fileName: string,
  size: number,
): FileReport {
  const { instanceId, resourceId, kind } = of;
  return {
    instanceId,
    resourceId,
    kind,
    generation: 0,
    fileName,
    state: 'unknown',
    bytesListed: size,
    bytesArchived: 0,
    bytesParsed: 0,
    bytesLost: 0,
    bytesDuplicated: 0,
    recordsParsed: 0,
    recordsRaw: 0,
    problems: [{ kind: 'missing', message: 'it is not in the archive at all', from: 0, to: size }],
  };
}
