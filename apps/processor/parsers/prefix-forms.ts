import { isDigit, SPACE } from './byte-text.ts';

const DOT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
const COLON = 0x3a;
const SLASH = 0x2f;
const PERCENT = 0x25;
const UNDERSCORE = 0x5f;
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

/** Where a value of each form that begins at `from` ends, or -1. */
export const FORM_ENDS: Readonly<
  Record<Exclude<Form, 'text' | 'host'>, (bytes: Uint8Array, from: number, to: number) => number>
> = { time: timeEnd, epoch: epochEnd, number: numberEnd, remote: remoteEnd, sqlstate: sqlstateEnd, word: wordEnd };

/** `2023-11-29 09:23:46.123 UTC`: its form only. */
function timeEnd(bytes: Uint8Array, from: number, to: number): number {
  if (!isDigit(bytes[from]) || bytes[from + 4] !== MINUS || bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) {
    return -1;
  }
  const second = numberEnd(bytes, from + 17, to);
  const zone = bytes[second] === DOT ? numberEnd(bytes, second + 1, to) : second;
  if (zone < 0 || bytes[zone] !== SPACE) return -1;
  let end = zone + 1;
  while (end < to && (isAlphanumeric(bytes[end] as number) || bytes[end] === PLUS || bytes[end] === MINUS)) end++;
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
  while (end < to && isHostByte(bytes[end] as number)) end++;
  return end;
}

function sqlstateEnd(bytes: Uint8Array, from: number, to: number): number {
  const end = from + 5;
  if (end > to) return -1;
  for (let at = from; at < end; at++) if (!isAlphanumeric(bytes[at] as number)) return -1;
  return end;
}

/** Session and transaction ids, query ids, which can be negative; may be empty. */
function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = bytes[from] === MINUS && from < to ? from + 1 : from;
  while (end < to && isWordByte(bytes[end] as number)) end++;
  return end;
}

function isAlphanumeric(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

function isWordByte(byte: number): boolean {
  return isAlphanumeric(byte) || byte === DOT || byte === SLASH;
}

function isHostByte(byte: number): boolean {
  return (
    isAlphanumeric(byte) || byte === DOT || byte === COLON || byte === MINUS || byte === PERCENT || byte === UNDERSCORE
  );
}
