import type { ByteReader } from './generation.ts';

/** What RDS puts where it cut a line, between newlines. */
export const TRUNCATION_NOTICE = ' [Your log message was truncated]';
/** The most bytes of a file that one portion carries. */
export const PORTION_CAP_BYTES = 1024 * 1024;
/** The most lines that one portion carries, and the number when none is asked for. */
export const MAX_LINES = 10_000;

const NEWLINE = 10;
const SEARCH_STEP_BYTES = 256 * 1024;

/**
 * Where the marker stands after a line was cut at the cap: behind the whole line, so that the cut bytes are never
 * served (`skip`), or right behind the bytes that were delivered (`keep`). Field reports allow both readings.
 */
export type CutBytes = 'skip' | 'keep';

export interface PortionRules {
  readonly capBytes: number;
  readonly cutBytes: CutBytes;
}

export interface PortionBytes {
  /** Bytes of the file, and the notice where a line was cut. */
  readonly data: Buffer;
  /** Offset at which the next portion begins. */
  readonly next: number;
  readonly truncated: boolean;
}

/**
 * The bytes of a file of `size` bytes from `offset`: at most `lines` lines and `capBytes` bytes, whichever is less.
 * The last line may be incomplete at the end of the file. Reads at most `capBytes`, and the rest of a cut line.
 */
export async function readPortion(
  reader: ByteReader,
  size: number,
  offset: number,
  lines: number,
  rules: PortionRules,
): Promise<PortionBytes> {
  const window = await readFully(reader, offset, Math.min(rules.capBytes, Math.max(0, size - offset)));
  const end = endOfLines(window, lines);
  if (end !== undefined) return { data: window.subarray(0, end), next: offset + end, truncated: false };
  const next = offset + window.length;
  const lineIsCut = next < size && window.length > 0 && window.at(-1) !== NEWLINE;
  if (!lineIsCut) return { data: window, next, truncated: false };
  const data = Buffer.concat([window, Buffer.from(`\n${TRUNCATION_NOTICE}\n`)]);
  return { data, next: rules.cutBytes === 'keep' ? next : await endOfLine(reader, next, size), truncated: true };
}

/** Where the last `lines` lines of a file of `size` bytes begin, looking back at most `capBytes`. */
export async function tailOffset(reader: ByteReader, size: number, lines: number, capBytes: number): Promise<number> {
  const from = Math.max(0, size - capBytes);
  const window = await readFully(reader, from, size - from);
  let position = window.at(-1) === NEWLINE ? window.length - 1 : window.length;
  for (let found = 0; found < lines; found += 1) {
    const newline = position === 0 ? -1 : window.lastIndexOf(NEWLINE, position - 1);
    if (newline === -1) return from === 0 || found === 0 ? from : from + position + 1;
    position = newline;
  }
  return from + position + 1;
}

/** The bytes from `offset`, `length` of them or all up to the end. */
export async function readFully(reader: ByteReader, offset: number, length: number): Promise<Buffer> {
  const first = await reader.read(offset, length);
  if (first.length === length || first.length === 0) return first;
  const parts = [first];
  let received = first.length;
  while (received < length) {
    const part = await reader.read(offset + received, length - received);
    if (part.length === 0) break;
    parts.push(part);
    received += part.length;
  }
  return Buffer.concat(parts);
}

function endOfLines(window: Buffer, lines: number): number | undefined {
  let position = 0;
  for (let found = 0; found < lines; found += 1) {
    const newline = window.indexOf(NEWLINE, position);
    if (newline === -1) return undefined;
    position = newline + 1;
  }
  return position;
}

async function endOfLine(reader: ByteReader, offset: number, size: number): Promise<number> {
  let position = offset;
  while (position < size) {
    const bytes = await reader.read(position, Math.min(SEARCH_STEP_BYTES, size - position));
    if (bytes.length === 0) break;
    const newline = bytes.indexOf(NEWLINE);
    if (newline !== -1) return position + newline + 1;
    position += bytes.length;
  }
  return position;
}
