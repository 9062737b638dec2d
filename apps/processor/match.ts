/** What the archive holds of a generation's beginning. */
export interface KnownHead {
  /** Bytes archived. */
  readonly end: number;
  /** The first bytes, at most HEAD_BYTES: all of them where the chain is that short. */
  readonly head: Buffer;
}

/** How much of a file's beginning identifies it (Filebeat's fingerprint has the same length). */
export const HEAD_BYTES = 1024;

/** How many archived bytes before the end are compared with the source before a chain goes on under another name. */
export const TAIL_BYTES = 256;

/**
 * Whether a file that begins with `head` can be the generation: as far as both reach they are equal, and the file is not
 * shorter than what is known of the generation. Heads under 1 KiB grow, so a prefix is enough.
 */
export function headAgrees(known: KnownHead, head: Buffer): boolean {
  if (head.length < known.head.length) return false;
  return head.compare(known.head, 0, known.head.length, 0, known.head.length) === 0;
}

/** Whether equal heads alone prove all archived bytes. A longer chain needs its last bytes compared as well. */
export function headProvesAll(known: KnownHead): boolean {
  return known.end <= known.head.length;
}

/** The name stands for another file than the one that was asked for: what was read of it is thrown away, none of it stored. */
export class NotThisFile extends Error {
  constructor(fileName: string, why: string) {
    super(`${fileName} is another file than expected: ${why}`);
    this.name = 'NotThisFile';
  }
}
