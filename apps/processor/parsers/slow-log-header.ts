import type { ByteBlock } from './byte-block.ts';
import { readDigits, SPACE, skipBlanks } from './byte-text.ts';
import { literal } from './literal.ts';
import { type LogTime, readDateTime, readOffset, readSecondOfDay } from './log-time.ts';
import { type NdjsonOutput, writeStringField } from './ndjson-output.ts';

const AT = 0x40;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const LETTER_Z = 0x5a;
const USER = literal(',"user_name":"');
const HOST = literal(',"client_host":"');
const ADDRESS = literal(',"client_address":"');

/**
 * Reads what follows `# Time: `: an ISO time with its zone, or `YYMMDD HH:MM:SS` in the server's zone, taken as UTC.
 * Answers whether it has a zone; leaves `time` alone when it is neither.
 */
export function readTimeLine(bytes: Uint8Array, from: number, to: number, time: LogTime): boolean {
  const end = readDateTime(bytes, from, to, time);
  if (end < 0) {
    readOldTime(bytes, from, to, time);
    return false;
  }
  if (bytes[end] === LETTER_Z && end < to) return true;
  const offset = readOffset(bytes, end, to);
  if (Number.isNaN(offset)) return false;
  time.seconds -= offset;
  return true;
}

function readOldTime(bytes: Uint8Array, from: number, to: number, time: LogTime): void {
  const year = readDigits(bytes, from, to, 2);
  const month = readDigits(bytes, from + 2, to, 2);
  const day = readDigits(bytes, from + 4, to, 2);
  // Servers write the hour without a leading zero after one blank or two.
  const clock = skipBlanks(bytes, from + 6, to);
  const second = readSecondOfDay(bytes, bytes[clock + 1] === 0x3a ? clock - 1 : clock, to);
  if (year >= 0 && second >= 0) time.set(2000 + year, month, day, second, 0);
}

/**
 * Writes user, host and address of `account[login] @ host [address]`; each is absent when it is empty.
 * Read from its end, because a user's name may hold anything. The account is the user whose privileges counted; where it is
 * empty, as for replication, the login is given. Answers `at` when the line is cut or is none.
 */
export function writeUserHost(
  source: ByteBlock,
  from: number,
  close: number,
  output: NdjsonOutput,
  at: number,
): number {
  const bytes = source.bytes;
  let open = close;
  while (open > from && bytes[open] !== OPEN) open--;
  const hostEnd = bytes[open - 1] === SPACE ? open - 1 : open;
  let hostStart = hostEnd;
  while (hostStart > from && bytes[hostStart - 1] !== SPACE && bytes[hostStart - 1] !== AT) hostStart--;
  let sign = hostStart - 1;
  while (sign > from && bytes[sign] === SPACE) sign--;
  if (bytes[sign] !== AT) return at;
  let next = writeUser(source, from, sign - 1, output, at);
  next = writeStringField(HOST, source, hostStart, hostEnd, output, next);
  return writeStringField(ADDRESS, source, open + 1, close, output, next);
}

/** `account[login]`, with its closing bracket at `to` - 1. */
function writeUser(source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number): number {
  const bytes = source.bytes;
  let bracket = from;
  while (bracket < to && bytes[bracket] !== OPEN) bracket++;
  if (bracket > from) return writeStringField(USER, source, from, bracket, output, at);
  const end = bytes[to - 1] === CLOSE ? to - 1 : to;
  return writeStringField(USER, source, bracket + 1, end, output, at);
}
