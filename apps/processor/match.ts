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

const HEADER_LINE = /^(\S.*, Version: .* started with:|Tcp port: .*|Time +Id +Command +Argument)\s*$/;

/**
 * Whether a head can belong to one file only: a complete line stands in it that is not of the header which Aurora MySQL
 * puts at the beginning of every file. Before that, a renamed file and its successor cannot be told apart.
 */
export function identifies(head: Buffer): boolean {
  const complete = head.toString('latin1').split('\n').slice(0, -1);
  return head.length >= HEAD_BYTES || complete.some((line) => !HEADER_LINE.test(line));
}

/** The name stands for another file than the one that was asked for: what was read of it is thrown away, none of it stored. */
export class NotThisFile extends Error {
  /** The bytes differ; otherwise there are too few of them, which may pass. */
  readonly differs: boolean;

  constructor(fileName: string, why: string, differs: boolean) {
    super(`${fileName} is another file than expected: ${why}`);
    this.name = 'NotThisFile';
    this.differs = differs;
  }
}
