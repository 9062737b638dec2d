import { type NdjsonOutput, writeBytes, writeDigits, writeInteger } from './ndjson-output.ts';
import type { ParserState } from './record-parser.ts';

const TIMESTAMP = Buffer.from(',"_timestamp":');

/**
 * The time of the record that was encoded last. Records without a time of their own take it over, so that they are
 * found beside their neighbours; there is none before the first time in a file.
 */
export class LogTime {
  /** Whole seconds since 1970, negative while unknown. */
  seconds = -1;
  micros = 0;

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

  /** Writes `_timestamp`, if it is known. */
  write(output: NdjsonOutput, at: number): number {
    if (this.seconds < 0) return at;
    const target = output.block.bytes;
    return writeDigits(this.micros, 6, target, writeInteger(this.seconds, target, writeBytes(TIMESTAMP, target, at)));
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
