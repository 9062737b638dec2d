import type { ByteBlock } from './byte-block.ts';
import { trimmedEnd } from './byte-text.ts';
import { type Literal, literal, writeLiteral } from './literal.ts';
import { type NdjsonOutput, writeText } from './ndjson-output.ts';
import { PARSE_REASONS, type ParseReason } from './parse-reason.ts';

const QUOTE = 0x22;
const BODY = literal(',"body":"');
const REASONS = Object.fromEntries(
  Object.keys(PARSE_REASONS).map((reason) => [reason, literal(`,"parse_reason":"${reason}"`)]),
) as Record<ParseReason, Literal>;

/** Writes the text, without the white space after it, as `body`, and why it did not parse, and counts a raw record. */
export function writeRaw(
  source: ByteBlock,
  from: number,
  to: number,
  reason: ParseReason,
  output: NdjsonOutput,
  at: number,
): number {
  const target = output.block.bytes;
  const end = trimmedEnd(source.bytes, from, to);
  const next = writeText(source, from, end, output.block, writeLiteral(BODY, output.block, at));
  target[next] = QUOTE;
  return markRaw(reason, output, next + 1);
}

/** Says of a record with fields why it counts as raw nevertheless. */
export function markRaw(reason: ParseReason, output: NdjsonOutput, at: number): number {
  output.rawRecords++;
  return writeLiteral(REASONS[reason], output.block, at);
}
