import type { Hint } from '../shared/hint.ts';
import { isNameForLife, type LogSeries } from '../shared/log-file.ts';
import type { GenerationPosition } from '../shared/ports/positions.ts';
import { continueClosed, generationOfName, identify } from './generations.ts';
import type { SourceFile } from './log-file-io.ts';
import { NotThisFile } from './match.ts';
import { judgePortion } from './portion.ts';
import { type Head, readHead } from './read-head.ts';
import { readWhole } from './read-whole.ts';
import type { ShipDeps } from './ship-deps.ts';

export interface Found {
  readonly position: GenerationPosition;
  /** Read for names that can stand for another file at any moment, and for new ones. */
  readonly head: Head | undefined;
  /** The name stood for another generation until now: what was listed under it may be that one's. */
  readonly displaced: boolean;
}

/**
 * The generation that a listed file is, by its name where that is for life, else by its content; registered where it is new, or where it grew after its chain was closed.
 * Undefined for an active file that holds no record yet: after a rename nothing could tell it from its successor.
 * `distrustName`: what the name stood for has turned out to be another file.
 */
export async function findGeneration(
  deps: ShipDeps,
  series: LogSeries,
  { hint, file, distrustName }: { hint: Hint; file: SourceFile; distrustName: boolean },
  signal: AbortSignal,
): Promise<Found | undefined> {
  const named = await generationOfName(deps, series, hint.fileName);
  if (named && isNameForLife(hint.fileName) && !distrustName && !grewAfterClosing(named, hint)) {
    return { position: named, head: undefined, displaced: false };
  }
  const head = await readHead(file, signal);
  const { instanceId, engine, fileName, size } = hint;
  const mayWait = !isNameForLife(fileName) && !deps.settings.untilDone;
  const identity = { series, instanceId, engine, fileName, size, head, distrustName, mayWait };
  const holds = (bytes: Buffer, offset: number) => holdsAt(file, head, bytes, offset, signal);
  const position = await identify(deps, { ...identity, holds });
  if (position === undefined) return undefined;
  const displaced = named !== undefined && named.seq !== position.seq;
  if (displaced || !grewAfterClosing(position, hint)) return { position, head, displaced };
  return { position: (await continueClosed(deps, identity, position)) ?? position, head, displaced: false };
}

/** Whether the file has these bytes at this offset: by a made marker, by a complete download where that proves nothing. */
async function holdsAt(
  file: SourceFile,
  head: Head,
  bytes: Buffer,
  offset: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (bytes.length === 0) return true;
  if (head.segment !== undefined) {
    const marker = offset === 0 ? '0' : `${head.segment}:${offset}`;
    const portion = await file.source.portion(file.instance, { fileName: file.fileName, marker, lines: 256 }, signal);
    const verdict = judgePortion(offset, portion);
    if (verdict.kind === 'proven' && verdict.data.length >= bytes.length) return startsWith(verdict.data, bytes);
  }
  try {
    const end = offset + bytes.length;
    for await (const _ of readWhole(file, { end, head: Buffer.alloc(0), tail: bytes }, signal)) break;
    return true;
  } catch (error) {
    if (error instanceof NotThisFile) return false;
    throw error;
  }
}

function startsWith(data: Buffer, bytes: Buffer): boolean {
  return data.compare(bytes, 0, bytes.length, 0, bytes.length) === 0;
}

function grewAfterClosing(position: GenerationPosition, hint: Hint): boolean {
  return position.state !== 'open' && hint.size > position.end && hint.lastWritten > position.lastWritten;
}
