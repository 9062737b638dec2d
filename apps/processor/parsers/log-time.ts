import { isDigit, readDigits } from './byte-text.ts';
import { literal, writeLiteral } from './literal.ts';
import { type NdjsonOutput, writeDigits, writeInteger } from './ndjson-output.ts';
import type { ParserState } from './record-parser.ts';

const TIMESTAMP = literal(',"_timestamp":');

/**
 * The time of the record that was encoded last. Records without a time of their own take it over, so that they are
 * found beside their neighbours; there is none before the first time in a file.
 */
export class LogTime {
  /** Whole seconds since 1970, negative while unknown. */
  seconds = -1;
  micros = 0;
  /** The day that was asked for last: a log has few of them. */
  #date = 0;
  #midnight = 0;

  constructor(state: ParserState | undefined) {
    const micros = state?.['time'];
    if (typeof micros !== 'number') return;
    this.seconds = Math.floor(micros / 1_000_000);
    this.micros = micros % 1_000_000;
  }

  /** `time` in microseconds since 1970, or nothing while unknown. */
  state(): { time?: number } {
    return this.seconds < 0 ? {} : { time: this.seconds * 1_000_000 + this.micros };
  }

  /**
   * Sets it from a date, a second of that day and microseconds, in UTC.
   * Answers false and changes nothing when there is no such day from 1970 on.
   */
  set(year: number, month: number, day: number, secondOfDay: number, micros: number): boolean {
    const date = (year * 16 + month) * 32 + day;
    if (date !== this.#date) {
      const start = midnight(year, month, day);
      if (start < 0) return false;
      this.#date = date;
      this.#midnight = start;
    }
    this.seconds = this.#midnight + secondOfDay;
    this.micros = micros;
    return true;
  }

  /** Writes `_timestamp`, if it is known. */
  write(output: NdjsonOutput, at: number): number {
    if (this.seconds < 0) return at;
    const target = output.block.bytes;
    return writeDigits(
      this.micros,
      6,
      target,
      writeInteger(this.seconds, target, writeLiteral(TIMESTAMP, output.block, at)),
    );
  }
}

/** Seconds since 1970 of midnight UTC of a day of the Gregorian calendar; -1 when there is no such day from 1970 on. */
export function midnight(year: number, month: number, day: number): number {
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return -1;
  // Years begin in March here, so that the leap day is the last of its year.
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return (shifted * 365 + leapDays + dayOfYear - 719_468) * 86_400;
}

function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return 30 + ((month + (month >> 3)) & 1);
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

const COLON = 0x3a;
const DOT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;

/**
 * Reads `YYYY-MM-DD HH:MM:SS`, any byte between date and time, perhaps a fraction, into `time` as UTC.
 * Answers where it ends, or -1 and leaves `time` alone when it is none.
 */
export function readDateTime(bytes: Uint8Array, from: number, to: number, time: LogTime): number {
  if (bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS) return -1;
  const year = readDigits(bytes, from, to, 4);
  const month = readDigits(bytes, from + 5, to, 2);
  const day = readDigits(bytes, from + 8, to, 2);
  const second = readSecondOfDay(bytes, from + 11, to);
  if (second < 0) return -1;
  const end = from + 19;
  if (bytes[end] !== DOT || end >= to) return time.set(year, month, day, second, 0) ? end : -1;
  const fractionEnd = digitsEnd(bytes, end + 1, to);
  const digits = Math.min(6, fractionEnd - end - 1);
  const micros = readDigits(bytes, end + 1, to, digits) * (POWERS_OF_TEN[6 - digits] as number);
  return time.set(year, month, day, second, micros) ? fractionEnd : -1;
}

const POWERS_OF_TEN = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/** Reads `HH:MM:SS`, the hour perhaps with a blank for its first digit; -1 when it is none. */
export function readSecondOfDay(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from + 2] !== COLON || bytes[from + 5] !== COLON) return -1;
  const hour = bytes[from] === 0x20 ? readDigits(bytes, from + 1, to, 1) : readDigits(bytes, from, to, 2);
  const minute = readDigits(bytes, from + 3, to, 2);
  const second = readDigits(bytes, from + 6, to, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  return (hour * 60 + minute) * 60 + second;
}

/** Reads `+HH`, `-HH:MM` or `+HHMM` as seconds east of UTC; NaN when it is none. */
export function readOffset(bytes: Uint8Array, from: number, to: number): number {
  const sign = bytes[from] === PLUS ? 1 : bytes[from] === MINUS ? -1 : Number.NaN;
  const hours = readDigits(bytes, from + 1, to, 2);
  if (hours < 0) return Number.NaN;
  const minutes = readDigits(bytes, bytes[from + 3] === COLON ? from + 4 : from + 3, to, 2);
  return sign * (hours * 3600 + Math.max(0, minutes) * 60);
}

/** Where the digits that begin at `from` end. */
function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at++;
  return at;
}

/** Reads `1701328928` or `1701328928.123456`; leaves `time` alone when it is none. */
export function readEpoch(bytes: Uint8Array, from: number, to: number, time: LogTime): void {
  const end = digitsEnd(bytes, from, to);
  if (end === from || end - from > 11) return;
  time.seconds = readDigits(bytes, from, to, end - from);
  time.micros = 0;
  if (bytes[end] !== DOT || !isDigit(bytes[end + 1])) return;
  const fractionEnd = Math.min(digitsEnd(bytes, end + 1, to), end + 7);
  time.micros =
    readDigits(bytes, end + 1, to, fractionEnd - end - 1) * (POWERS_OF_TEN[end + 7 - fractionEnd] as number);
}
