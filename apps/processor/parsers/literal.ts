import type { ByteBlock } from './byte-block.ts';

/**
 * A few bytes that logs are compared with or that are written as they are, kept as words of four: so few bytes are
 * handled faster by words than by bytes or by a call.
 */
export interface Literal {
  readonly words: Int32Array;
  readonly length: number;
  /** Bits of the last word that belong to the literal. */
  readonly lastMask: number;
}

export function literal(text: string): Literal {
  const bytes = Buffer.from(text);
  const padded = Buffer.alloc(Math.max(4, Math.ceil(bytes.length / 4) * 4));
  bytes.copy(padded);
  const words = Int32Array.from({ length: padded.length / 4 }, (_, index) => padded.readInt32LE(index * 4));
  const rest = bytes.length - (padded.length - 4);
  return { words, length: bytes.length, lastMask: rest === 4 ? -1 : (1 << (rest * 8)) - 1 };
}

/** Whether [from, to) begins with the literal. */
export function startsWith(source: ByteBlock, from: number, to: number, start: Literal): boolean {
  if (to - from < start.length) return false;
  const view = source.view;
  const words = start.words;
  const last = words.length - 1;
  for (let index = 0; index < last; index++) {
    if (view.getInt32(from + index * 4, true) !== words[index]) return false;
  }
  return (view.getInt32(from + last * 4, true) & start.lastMask) === words[last];
}

/** Writes a literal and answers where it ends; up to three bytes after it are overwritten. */
export function writeLiteral({ words, length }: Literal, out: ByteBlock, at: number): number {
  const view = out.view;
  for (let index = 0; index < words.length; index++) view.setInt32(at + index * 4, words[index] as number, true);
  return at + length;
}
