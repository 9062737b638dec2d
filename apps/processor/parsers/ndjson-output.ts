import { type ByteBlock, createByteBlock, grown } from './byte-block.ts';
import { writeDecimal } from './decimal.ts';
import { type Literal, writeLiteral } from './literal.ts';

/** Bytes of JSON that one byte of text becomes at most: a control character as \u00XX. */
export const JSON_EXPANSION = 6;

/** Of the bytes that must be escaped: the letter after the backslash, or 1 for \u00XX. */
const ESCAPES = new Uint8Array(256);
ESCAPES.fill(1, 0, 0x20);
for (const [letter, byte] of Object.entries({ b: 8, t: 9, n: 10, f: 12, r: 13, '"': 0x22, '\\': 0x5c })) {
  ESCAPES[byte] = letter.charCodeAt(0);
}
const TAB = 9;
const NEWLINE = 10;
const QUOTE = 0x22;
const HEX = Buffer.from('0123456789abcdef');

/** The digits of 00 to 99. */
const PAIRS = Buffer.from(Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0')).join(''));

/** Records as NDJSON in one buffer that grows and is used again. Writers take the cursor and answer the next one. */
export class NdjsonOutput {
  block: ByteBlock = createByteBlock(64 * 1024);
  /** Bytes written; the cursor of the next record. */
  end = 0;
  records = 0;
  rawRecords = 0;

  /** Makes room for `size` bytes after `end`. */
  reserve(size: number): void {
    this.block = grown(this.block, this.end, this.end + size);
  }

  clear(): void {
    this.end = 0;
    this.records = 0;
    this.rawRecords = 0;
  }
}

/**
 * Writes valid UTF-8 as the inside of a JSON string; up to three bytes after it are overwritten. With `unindent`, a TAB
 * right after a newline is left out: PostgreSQL adds one to each line of a message but the first.
 */
export function writeText(
  source: ByteBlock,
  from: number,
  to: number,
  out: ByteBlock,
  at: number,
  unindent = false,
): number {
  const view = source.view;
  const targetView = out.view;
  const lastWord = to - 4;
  let read = from;
  let write = at;
  while (true) {
    let found = 0;
    while (read <= lastWord) {
      const word = view.getInt32(read, true);
      targetView.setInt32(write, word, true);
      found = escapesIn(word);
      if (found !== 0) break;
      read += 4;
      write += 4;
    }
    if (found === 0) found = copyLast(view, read, to - read, targetView, write);
    if (found === 0) return write + to - read;
    const plain = (31 - Math.clz32(found & -found)) >> 3;
    read += plain + 1;
    const byte = source.bytes[read - 1] as number;
    write = writeEscape(byte, out.bytes, write + plain);
    if (unindent && byte === NEWLINE) read = afterTab(source.bytes, read, to);
  }
}

/** Copies the last 3 bytes of a text or fewer, and some after them; answers which of them must be escaped. */
function copyLast(source: DataView, from: number, rest: number, target: DataView, at: number): number {
  if (rest === 0) return 0;
  const word = source.getInt32(from, true);
  target.setInt32(at, word, true);
  return escapesIn(word) & ((1 << (rest * 8)) - 1);
}

/**
 * Whether a word holds bytes that must be escaped: the lowest bit that is set is the top bit of the first such byte.
 * They are control characters and quotes, below 0x21 once bit 1 is flipped, and backslashes, 0 once their bits are.
 */
function escapesIn(word: number): number {
  const control = word ^ 0x02020202;
  const slash = word ^ 0x5c5c5c5c;
  return (((control - 0x21212121) & ~control) | ((slash - 0x01010101) & ~slash)) & 0x80808080;
}

function afterTab(bytes: Uint8Array, from: number, to: number): number {
  return from < to && bytes[from] === TAB ? from + 1 : from;
}

function writeEscape(byte: number, target: Uint8Array, at: number): number {
  const letter = ESCAPES[byte] as number;
  target[at] = 0x5c;
  if (letter > 1) {
    target[at + 1] = letter;
    return at + 2;
  }
  target[at + 1] = 0x75;
  target[at + 2] = 0x30;
  target[at + 3] = 0x30;
  target[at + 4] = HEX[byte >> 4] as number;
  target[at + 5] = HEX[byte & 15] as number;
  return at + 6;
}

/** Writes a field whose value is the text [from, to); nothing when that is empty. `name` is `,"name":"`. */
export function writeStringField(
  name: Literal,
  source: ByteBlock,
  from: number,
  to: number,
  output: NdjsonOutput,
  at: number,
  unindent = false,
): number {
  if (from >= to) return at;
  const next = writeText(source, from, to, output.block, writeLiteral(name, output.block, at), unindent);
  output.block.bytes[next] = QUOTE;
  return next + 1;
}

/** Writes a field whose value is the decimal number at [from, to); nothing when that is none. `name` is `,"name":`. */
export function writeNumberField(
  name: Literal,
  source: ByteBlock,
  from: number,
  to: number,
  output: NdjsonOutput,
  at: number,
): number {
  if (from >= to) return at;
  const next = writeDecimal(source.bytes, from, to, output.block.bytes, writeLiteral(name, output.block, at));
  return next < 0 ? at : next;
}

/** Writes an integer from 0 to 2^53 - 1 in decimal. */
export function writeInteger(value: number, target: Uint8Array, at: number): number {
  if (value < 1_000_000_000) return writeSmallInteger(value, target, at);
  const high = Math.floor(value / 1_000_000_000);
  return writeDigits(value - high * 1_000_000_000, 9, target, writeSmallInteger(high, target, at));
}

function writeSmallInteger(value: number, target: Uint8Array, at: number): number {
  let digits = 1;
  for (let limit = 10; digits < 9 && value >= limit; limit *= 10) digits++;
  return writeDigits(value, digits, target, at);
}

/** Writes the last `digits` digits of an integer below 10^9, with leading zeros. */
export function writeDigits(value: number, digits: number, target: Uint8Array, at: number): number {
  let rest = value | 0;
  let place = at + digits;
  while (place - at >= 2) {
    const next = (rest / 100) | 0;
    const pair = (rest - next * 100) * 2;
    rest = next;
    place -= 2;
    target[place] = PAIRS[pair] as number;
    target[place + 1] = PAIRS[pair + 1] as number;
  }
  if (place > at) target[at] = 0x30 + (rest % 10);
  return at + digits;
}
