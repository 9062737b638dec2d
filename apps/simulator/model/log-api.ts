import type { Faults } from './faults.ts';
import { type Fleet, isReady } from './fleet.ts';
import { type ByteReader, currentName, findFile, type Generation, type LogVolume, visibleFiles } from './generation.ts';
import { formatMarker, markerOffset } from './marker.ts';
import { type Page, pageOf } from './paging.ts';
import { type CutBytes, MAX_LINES, PORTION_CAP_BYTES, readPortion, tailOffset } from './portion.ts';
import { RdsError } from './rds-error.ts';

export interface LogApiOptions {
  readonly fleet: Fleet;
  readonly faults: Faults;
  readonly now: () => number;
  /** Most files in a page of DescribeDBLogFiles; RDS has 1000. */
  readonly pageSize: number;
  readonly cutBytes: CutBytes;
}

export interface ListRequest {
  readonly instanceId: string;
  readonly filenameContains?: string | undefined;
  /** Milliseconds since 1970, inclusive. */
  readonly fileLastWritten?: number | undefined;
  /** Only files larger than this. */
  readonly fileSize?: number | undefined;
  readonly marker?: string | undefined;
  readonly maxRecords?: number | undefined;
}

export interface PortionRequest {
  readonly instanceId: string;
  readonly fileName: string;
  readonly marker?: string | undefined;
  readonly lines?: number | undefined;
}

export interface PortionAnswer {
  /** Absent in the middle of a rotation. */
  readonly data: Buffer | undefined;
  readonly marker: string;
  readonly pending: boolean;
}

export interface OpenFile {
  readonly generation: Generation;
  /** To be closed by the caller. */
  readonly reader: ByteReader;
}

/**
 * What the RDS log API means, apart from HTTP, signatures and clocks. Errors are `RdsError`s.
 * Throttling and broken connections are not here: they hit before or after an operation.
 */
export interface LogApi {
  describeLogFiles(request: ListRequest): Promise<Page<Generation>>;
  downloadPortion(request: PortionRequest): Promise<PortionAnswer>;
  openComplete(instanceId: string, fileName: string): Promise<OpenFile>;
}

export function createLogApi(options: LogApiOptions): LogApi {
  const { fleet, now } = options;
  const volumeOf = async (instanceId: string, fileName?: string): Promise<LogVolume> => {
    const status = await fleet.status(instanceId);
    if (status !== undefined && !isReady(status)) {
      throw new RdsError('DBInstanceNotReady', `DBInstance ${instanceId} is ${status}, not available.`);
    }
    const volume = status === undefined ? undefined : await fleet.volume(instanceId, fileName);
    if (!volume) throw new RdsError('DBInstanceNotFound', `DBInstance ${instanceId} not found.`);
    return volume;
  };
  const open = async (instanceId: string, fileName: string): Promise<OpenFile> => {
    const generation = findFile(await volumeOf(instanceId, fileName), fileName, now());
    const reader = await generation?.content.open();
    if (generation && reader) return { generation, reader };
    throw new RdsError('DBLogFileNotFoundFault', `DBLog File: ${fileName}, is not found on the DB instance`);
  };
  return {
    describeLogFiles: async (request) => {
      const files = visibleFiles(await volumeOf(request.instanceId), now()).filter((file) => isWanted(file, request));
      const size = Math.max(1, Math.min(request.maxRecords ?? options.pageSize, options.pageSize));
      return pageOf(files, currentName, request.marker, size);
    },
    downloadPortion: async (request) => {
      const { generation, reader } = await open(request.instanceId, request.fileName);
      try {
        if (options.faults.strikes('emptyMarker')) return { data: undefined, marker: '', pending: false };
        return await answerPortion(options, generation, reader, request);
      } finally {
        await reader.close();
      }
    },
    openComplete: open,
  };
}

function isWanted(file: Generation, request: ListRequest): boolean {
  return (
    currentName(file).includes(request.filenameContains ?? '') &&
    file.lastWritten >= (request.fileLastWritten ?? 0) &&
    file.size > (request.fileSize ?? -1)
  );
}

async function answerPortion(
  { faults, cutBytes }: LogApiOptions,
  generation: Generation,
  reader: ByteReader,
  request: PortionRequest,
): Promise<PortionAnswer> {
  const size = generation.size;
  const lines = lineCount(request.lines);
  const offset =
    request.marker === undefined
      ? await tailOffset(reader, size, lines, PORTION_CAP_BYTES)
      : markerOffset(request.marker);
  const pending = (truth: boolean) => truth !== faults.strikes('lyingPending');
  // Behind the end: quiet, or the file was rotated; RDS does not say which.
  if (offset > size) return { data: Buffer.alloc(0), marker: request.marker ?? '0', pending: pending(false) };
  const capBytes = faults.strikes('truncate') ? 1 + faults.draw('truncate', 64 * 1024) : PORTION_CAP_BYTES;
  const portion = await readPortion(reader, size, offset, lines, { capBytes, cutBytes });
  const repeated =
    faults.strikes('repeatBytes') && portion.data.length > 0 ? Math.min(offset, 1 + faults.draw('repeatBytes', 64)) : 0;
  const data =
    repeated > 0 ? Buffer.concat([await reader.read(offset - repeated, repeated), portion.data]) : portion.data;
  if (data.includes(0)) {
    throw new RdsError(
      'InvalidParameterValue',
      'This file contains binary data and should be downloaded instead of viewed',
    );
  }
  return {
    data,
    marker: formatMarker(request.fileName, generation.segment, portion.next),
    pending: pending(portion.next < size),
  };
}

function lineCount(lines: number | undefined): number {
  if (lines === undefined || lines === 0) return MAX_LINES;
  if (lines < 0) throw new RdsError('InvalidParameterValue', `NumberOfLines is ${lines}: it must not be negative.`);
  return Math.min(lines, MAX_LINES);
}
