/** Questions about a line of text in a buffer, asked without making a string of it. */

export const NEWLINE = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const SPACE = 0x20;
const TAB = 0x09;
const ZERO = 0x30;

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9;
}

/** Whether a line holds nothing but blanks. */
export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}

/** Where the text ends when white space at its end is left out. */
export function trimmedEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(bytes[end - 1] as number)) end--;
  return end;
}

/** Where the text begins when blanks at its start are left out. */
export function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at;
}

/** Where the text begins when white space and empty lines at its start are left out. */
export function skipWhiteSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(bytes[at] as number)) at++;
  return at;
}

/** Where the first line of the text ends: at its newline, or `to`. */
export function lineEnd(bytes: Buffer, from: number, to: number): number {
  const newline = bytes.indexOf(NEWLINE, from);
  return newline < 0 || newline > to ? to : newline;
}

/** Reads exactly `digits` digits; -1 if there are fewer before `to`. */
export function readDigits(bytes: Uint8Array, from: number, to: number, digits: number): number {
  if (from + digits > to) return -1;
  let value = 0;
  for (let at = from; at < from + digits; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN);
}
