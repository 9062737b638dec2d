import { isDigit, SPACE } from './byte-text.ts';

const DOT = 0x2e;
const MINUS = 0x2d;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;

/** No name that an escape prints is longer. */
export const MAX_TEXT_BYTES = 256;

/**
 * How much of a line an escape takes. `text` takes as little as lets the rest match, `host` as much; the others are
 * told by their own form.
 */
export type Form = 'time' | 'epoch' | 'number' | 'remote' | 'host' | 'sqlstate' | 'word' | 'text';

/** Forms that tell by themselves where they end. */
export type OwnForm = Exclude<Form, 'text' | 'host'>;

/** Where a value of the form that begins at `from` ends, or -1. */
export function valueEnd(form: OwnForm, bytes: Uint8Array, from: number, to: number): number {
  switch (form) {
    case 'time':
      return timeEnd(bytes, from, to);
    case 'number':
      return numberEnd(bytes, from, to);
    case 'remote':
      return remoteEnd(bytes, from, to);
    case 'word':
      return wordEnd(bytes, from, to);
    case 'sqlstate':
      return sqlstateEnd(bytes, from, to);
    case 'epoch':
      return epochEnd(bytes, from, to);
  }
}

/** Bits that say what a byte can be part of. */
const ALPHANUMERIC = 1;
const WORD = 2;
const HOST = 4;
const ZONE = 8;
const CLASSES = new Uint8Array(256);
for (const [characters, bits] of [
  ['0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', ALPHANUMERIC | WORD | HOST | ZONE],
  ['.', WORD | HOST],
  ['/', WORD],
  [':-%_', HOST],
  ['+-', ZONE],
] as const) {
  for (const byte of Buffer.from(characters)) CLASSES[byte] = (CLASSES[byte] as number) | bits;
}

function endOfClass(bits: number, bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  while (end < to && ((CLASSES[bytes[end] as number] as number) & bits) !== 0) end++;
  return end;
}

/** `2023-11-29 09:23:46.123 UTC`: its form only. */
function timeEnd(bytes: Uint8Array, from: number, to: number): number {
  if (!isDigit(bytes[from]) || bytes[from + 4] !== MINUS || bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) {
    return -1;
  }
  const second = numberEnd(bytes, from + 17, to);
  const zone = bytes[second] === DOT ? numberEnd(bytes, second + 1, to) : second;
  if (zone < 0 || bytes[zone] !== SPACE) return -1;
  const end = endOfClass(ZONE, bytes, zone + 1, to);
  return end > zone + 1 ? end : -1;
}

function epochEnd(bytes: Uint8Array, from: number, to: number): number {
  const end = numberEnd(bytes, from, to);
  return end >= 0 && bytes[end] === DOT ? numberEnd(bytes, end + 1, to) : end;
}

function numberEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  while (end < to && isDigit(bytes[end])) end++;
  return end > from ? end : -1;
}

/** `10.0.2.55(57562)`, `[local]`, or nothing for processes of the server. */
function remoteEnd(bytes: Uint8Array, from: number, to: number): number {
  const host = hostEnd(bytes, from, to);
  if (bytes[from] === OPEN_BRACKET) return host;
  const port = bytes[host] === OPEN_PARENTHESIS ? numberEnd(bytes, host + 1, to) : -1;
  return port >= 0 && bytes[port] === CLOSE_PARENTHESIS ? port + 1 : from;
}

export function hostEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  if (bytes[from] === OPEN_BRACKET) {
    while (end < to && end < from + MAX_TEXT_BYTES && bytes[end] !== CLOSE_BRACKET) end++;
    return bytes[end] === CLOSE_BRACKET && end < to ? end + 1 : from;
  }
  return endOfClass(HOST, bytes, from, to);
}

function sqlstateEnd(bytes: Uint8Array, from: number, to: number): number {
  const end = from + 5;
  return end <= to && endOfClass(ALPHANUMERIC, bytes, from, end) === end ? end : -1;
}

/** Session and transaction ids, query ids, which can be negative; may be empty. */
function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  return endOfClass(WORD, bytes, bytes[from] === MINUS && from < to ? from + 1 : from, to);
}
