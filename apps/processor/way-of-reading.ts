/** What the choice between portions and a complete download depends on. */
export interface Backlog {
  /** Bytes archived and bytes listed. */
  readonly end: number;
  readonly size: number;
  /** RDS will not append to the file any more. */
  readonly final: boolean;
  /** Portions refused, or could not be trusted, for this file before. */
  readonly wholeOnly: boolean;
  /** Everything is wanted now, at any price in bytes. */
  readonly untilDone: boolean;
}

export type Way = 'portions' | 'whole' | 'wait';

/** From here on a complete download is fewer calls than portions of at most 1 MiB. */
const WHOLE_FROM_BYTES = 4 * 1024 * 1024;
/** A complete download begins at byte 0 each time: it pays while at most this part of it was read before. */
const MAX_REREAD_SHARE = 0.75;

/**
 * How the next bytes of a file come. A complete download is one call, untruncated, and costs the quota least, but it always
 * begins at the start; so an active file that is followed closely is read by portions, and one that only a complete download
 * can read waits for its rotation.
 */
export function wayOfReading(file: Backlog): Way {
  const waiting = file.size - file.end;
  if (file.wholeOnly) return file.final || file.untilDone || waiting >= WHOLE_FROM_BYTES ? 'whole' : 'wait';
  if (file.end === 0) return 'whole';
  return waiting >= WHOLE_FROM_BYTES && file.end <= file.size * MAX_REREAD_SHARE ? 'whole' : 'portions';
}
