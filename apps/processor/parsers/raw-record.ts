import type { ByteBlock } from './byte-block.ts';
import { type NdjsonOutput, writeBytes, writeText } from './ndjson-output.ts';
import { PARSE_REASONS, type ParseReason } from './parse-reason.ts';

const BODY = Buffer.from(',"body":"');
const REASONS = Object.fromEntries(
  Object.keys(PARSE_REASONS).map((reason) => [reason, Buffer.from(`","parse_reason":"${reason}"`)]),
) as Record<ParseReason, Buffer>;

/** Writes the text without the line ends after it as `body`, and why it did not parse, and counts a raw record. */
export function writeRaw(
  source: ByteBlock,
  from: number,
  to: number,
  reason: ParseReason,
  output: NdjsonOutput,
  at: number,
): number {
  const target = output.block.bytes;
  const end = lineEndsTrimmed(source.bytes, from, to);
  output.rawRecords++;
  const next = writeText(source, from, end, output.block, writeBytes(BODY, target, at));
  return writeBytes(REASONS[reason], target, next);
}

/** Where the text ends when carriage returns and newlines at its end are left out. */
export function lineEndsTrimmed(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end--;
  return end;
}

/** Whether a line holds nothing but blanks and a carriage return. */
export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
