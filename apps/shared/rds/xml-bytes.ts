const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const HASH = 0x23;
const CDATA_START = Buffer.from('<![CDATA[');
const CDATA_END = Buffer.from(']]>');
/** More digits than this are no character, whatever zeros stand in front. */
const MAX_REFERENCE = 16;
const NO_REFERENCE = -1;
/** A run longer than this without a reference is found and moved by native code, which costs as much to call. */
const SHORT_RUN = 32;

/**
 * Turns the content of an XML element into the text it stands for, as bytes, within `content` itself: the result is a
 * view of it. Knows the five named entities, decimal and hexadecimal references to any Unicode character (also those
 * that XML forbids, because logs hold them), and CDATA sections. Everything else, other entities and invalid UTF-8
 * included, stays as it is.
 */
export function unescapeXml(content: Buffer): Buffer {
  let read = 0;
  let written = 0;
  for (let open = content.indexOf(CDATA_START); open >= 0; open = content.indexOf(CDATA_START, read)) {
    written = unescapeRange(content, read, open, written);
    const start = open + CDATA_START.length;
    const close = content.indexOf(CDATA_END, start);
    const end = close < 0 ? content.length : close;
    content.copyWithin(written, start, end);
    written += end - start;
    read = close < 0 ? end : close + CDATA_END.length;
  }
  return content.subarray(0, unescapeRange(content, read, content.length, written));
}

/** Un-escapes [from, end) to `to` <= from; answers where the output ends. No output is longer than its input. */
function unescapeRange(bytes: Buffer, from: number, end: number, to: number): number {
  let read = from;
  let written = to;
  while (read < end) {
    const runEnd = moveRun(bytes, read, end, written);
    written += runEnd - read;
    read = runEnd;
    if (read === end) break;
    const reference = referenceAt(bytes, read, end);
    if (reference === NO_REFERENCE) {
      bytes[written++] = AMPERSAND;
      read += 1;
    } else {
      written = writeUtf8(bytes, written, reference >>> 5);
      read += reference & 31;
    }
  }
  return written;
}

/** Moves the bytes before the next ampersand to `to`; answers where they ended. */
function moveRun(bytes: Buffer, from: number, end: number, to: number): number {
  let read = from;
  let written = to;
  const near = Math.min(end, from + SHORT_RUN);
  while (read < near && bytes[read] !== AMPERSAND) bytes[written++] = bytes[read++] as number;
  if (read < near) return read;
  const next = bytes.indexOf(AMPERSAND, read);
  const runEnd = next < 0 || next > end ? end : next;
  if (written !== read) bytes.copyWithin(written, read, runEnd);
  return runEnd;
}

/** Code point times 32 plus the length of the reference in bytes, so that nothing is allocated per reference. */
function referenceAt(bytes: Buffer, at: number, end: number): number {
  let semicolon = at + 2;
  const limit = Math.min(end, at + MAX_REFERENCE);
  while (semicolon < limit && bytes[semicolon] !== SEMICOLON) semicolon++;
  if (semicolon >= limit) return NO_REFERENCE;
  const codePoint = bytes[at + 1] === HASH ? numericAt(bytes, at + 2, semicolon) : namedAt(bytes, at + 1, semicolon);
  return codePoint === NO_REFERENCE ? NO_REFERENCE : codePoint * 32 + (semicolon + 1 - at);
}

function namedAt(bytes: Buffer, start: number, end: number): number {
  // The name as a big-endian number: at most four letters.
  let name = 0;
  if (end - start > 4) return NO_REFERENCE;
  for (let i = start; i < end; i++) name = name * 256 + (bytes[i] as number);
  switch (name) {
    case 0x71756f74: // quot
      return 0x22;
    case 0x61706f73: // apos
      return 0x27;
    case 0x6c74: // lt
      return 0x3c;
    case 0x6774: // gt
      return 0x3e;
    case 0x616d70: // amp
      return AMPERSAND;
    default:
      return NO_REFERENCE;
  }
}

function numericAt(bytes: Buffer, start: number, end: number): number {
  const hex = bytes[start] === 0x78;
  const base = hex ? 16 : 10;
  let codePoint = 0;
  let at = hex ? start + 1 : start;
  if (at === end) return NO_REFERENCE;
  for (; at < end; at++) {
    const digit = digitValue(bytes[at] as number);
    if (digit >= base) return NO_REFERENCE;
    codePoint = codePoint * base + digit;
  }
  const isCharacter = codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
  return isCharacter ? codePoint : NO_REFERENCE;
}

function digitValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Number.POSITIVE_INFINITY;
}

function writeUtf8(bytes: Buffer, at: number, codePoint: number): number {
  if (codePoint < 0x80) {
    bytes[at] = codePoint;
    return at + 1;
  }
  const length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  const leads = [0xc0, 0xe0, 0xf0] as const;
  let rest = codePoint;
  for (let i = length - 1; i > 0; i--) {
    bytes[at + i] = 0x80 | (rest & 0x3f);
    rest >>>= 6;
  }
  bytes[at] = (leads[length - 2] as number) | rest;
  return at + length;
}
