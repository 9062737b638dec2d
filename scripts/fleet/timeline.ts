import { closeSync, openSync, readSync } from 'node:fs';

/** Second since 1970 that a line of a log shows, where it shows one. */
export type TimeOfLine = (line: string) => number | undefined;

/** The part of a log that was written within one second of the server's clock. */
export interface LoggedSecond {
  readonly second: number;
  /** Offset of its first byte; it ends where the next begins. */
  readonly from: number;
}

/**
 * Complete lines among the first `limit` bytes of a file, with their line feeds, as text with one character per byte
 * (latin1), so that bytes stay what they were. Memory holds one line.
 */
export function* linesOf(path: string, limit: number): Generator<string> {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(1 << 20);
  let rest = '';
  let left = limit;
  const read = () => readSync(file, buffer, 0, Math.min(buffer.length, left), null);
  try {
    for (let bytes = read(); bytes > 0; bytes = read()) {
      left -= bytes;
      const text = rest + buffer.toString('latin1', 0, bytes);
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        yield text.slice(from, end + 1);
        from = end + 1;
      }
      rest = text.slice(from);
    }
  } finally {
    closeSync(file);
  }
}

/** Where each second of a log begins. Lines before the first time belong to the first second. */
export function loggedSeconds(lines: Iterable<string>, timeOf: TimeOfLine): { seconds: LoggedSecond[]; bytes: number } {
  const seconds: LoggedSecond[] = [];
  let bytes = 0;
  for (const line of lines) {
    const second = timeOf(line);
    const last = seconds.at(-1);
    if (second !== undefined && second > (last?.second ?? -1)) seconds.push({ second, from: last ? bytes : 0 });
    bytes += line.length;
  }
  return { seconds, bytes };
}

/** The time that the fleet's logs tell, and the shorter time in which servers wrote them. Milliseconds since 1970. */
export interface Stretch {
  readonly written: { readonly from: number; readonly to: number };
  readonly told: { readonly from: number; readonly to: number };
}

/**
 * Tells the time of each byte of a log, in microseconds since 1970: the server's seconds are stretched, and within a
 * second time goes by the bytes; in `bursts`, for logs that are silent most of the time, by a microsecond per byte.
 * Never goes back; call it with rising offsets.
 */
export function createClock(
  { seconds, bytes }: ReturnType<typeof loggedSeconds>,
  { written, told }: Stretch,
  bursts: boolean,
): (offset: number) => number {
  const factor = (told.to - told.from) / (written.to - written.from);
  let index = 0;
  let latest = 0;
  return (offset) => {
    while ((seconds[index + 1]?.from ?? Number.POSITIVE_INFINITY) <= offset) index++;
    const current = seconds[index] ?? { second: written.from / 1000, from: 0 };
    const end = seconds[index + 1]?.from ?? bytes;
    const intoSecond = (offset - current.from) / Math.max(1, end - current.from);
    const writtenAt = (current.second + (bursts ? 0 : intoSecond)) * 1000;
    const toldAt = Math.max(told.from, told.from + (writtenAt - written.from) * factor);
    const burst = bursts ? (offset - current.from) / 1000 : 0;
    latest = Math.max(latest, Math.round(Math.min(toldAt + burst, told.to - 1) * 1000));
    return latest;
  };
}

/** `2026-11-20T21:04:00.123456Z`. */
export function isoMicros(micros: number): string {
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`;
}
