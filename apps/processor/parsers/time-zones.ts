import { readOffset } from './log-time.ts';

/**
 * Hours east of UTC of zone abbreviations, where only one zone is meant by them or PostgreSQL's own default set says
 * which ("Default" of timezonesets). Aurora logs in UTC unless log_timezone was changed.
 */
const HOURS: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  SAST: 2,
  MSK: 3,
  PKT: 5,
  WIB: 7,
  HKT: 8,
  SGT: 8,
  JST: 9,
  KST: 9,
  ACST: 9.5,
  ACDT: 10.5,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
  HST: -10,
  AKST: -9,
  AKDT: -8,
  PST: -8,
  PDT: -7,
  MST: -7,
  MDT: -6,
  CST: -6,
  CDT: -5,
  EST: -5,
  EDT: -4,
  AST: -4,
  ADT: -3,
  NST: -3.5,
  NDT: -2.5,
};

const MAX_ABBREVIATION = 5;
const SECONDS_BY_NAME = new Map<number, number>();
for (const [name, hours] of Object.entries(HOURS)) {
  const bytes = Buffer.from(name);
  SECONDS_BY_NAME.set(packed(bytes, 0, bytes.length), hours * 3600);
}

const UTC = packed(Buffer.from('UTC'), 0, 3);

/** Seconds east of UTC of a zone as PostgreSQL writes it, `UTC`, `CEST` or `+0530`; NaN when it is not known. */
export function zoneOffset(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > MAX_ABBREVIATION || to <= from) return Number.NaN;
  const name = packed(bytes, from, to);
  if (name === UTC) return 0;
  return SECONDS_BY_NAME.get(name) ?? readOffset(bytes, from, to);
}

/** At most five bytes as one number. */
function packed(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 256 + (bytes[at] as number);
  return value;
}
