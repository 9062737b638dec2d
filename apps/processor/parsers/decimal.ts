import { isDigit } from './byte-text.ts';

const ZERO = 0x30;
const NINE = 0x39;
const DOT = 0x2e;
const MAX_DIGITS = 30;

/**
 * Copies a number as JSON has it: digits, perhaps a dot and digits, no leading zeros.
 * Answers -1, and may have written something, when [from, to) is no such number.
 */
export function writeDecimal(bytes: Uint8Array, from: number, to: number, target: Uint8Array, at: number): number {
  if (to <= from || to - from > MAX_DIGITS || !isDigit(bytes[from]) || !isDigit(bytes[to - 1])) return -1;
  let read = from;
  while (bytes[read] === ZERO && read + 1 < to && bytes[read + 1] !== DOT) read++;
  let write = at;
  let dots = 0;
  for (; read < to; read++) {
    const byte = bytes[read] as number;
    if (byte === DOT) dots++;
    else if (byte < ZERO || byte > NINE) return -1;
    target[write++] = byte;
  }
  return dots > 1 ? -1 : write;
}

/** Copies a number of milliseconds as seconds, digit by digit; otherwise like `writeDecimal`. */
export function writeMillisAsSeconds(
  bytes: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  at: number,
): number {
  const dot = dotOf(bytes, from, to);
  if (dot < 0) return -1;
  let write = at;
  let read = firstDigit(bytes, from, dot);
  if (dot - read <= 3) target[write++] = ZERO;
  while (dot - read > 3) target[write++] = bytes[read++] as number;
  target[write++] = DOT;
  for (let missing = 3 - (dot - read); missing > 0; missing--) target[write++] = ZERO;
  for (; read < to; read++) if (read !== dot) target[write++] = bytes[read] as number;
  return write;
}

/** Where the dot of a decimal number is, its end when it has none, or -1 when it is no number. */
function dotOf(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from || to - from > MAX_DIGITS || !isDigit(bytes[from]) || !isDigit(bytes[to - 1])) return -1;
  let dot = to;
  for (let at = from; at < to; at++) {
    if (isDigit(bytes[at])) continue;
    if (bytes[at] !== DOT || dot !== to) return -1;
    dot = at;
  }
  return dot;
}

function firstDigit(bytes: Uint8Array, from: number, dot: number): number {
  let at = from;
  while (at + 1 < dot && bytes[at] === ZERO) at++;
  return at;
}
