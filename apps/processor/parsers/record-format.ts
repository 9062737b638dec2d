import type { ByteBlock } from './byte-block.ts';
import type { NdjsonOutput } from './ndjson-output.ts';
import type { ParserState } from './record-parser.ts';

/** Only this much of a line decides whether a record begins there. */
export const LINE_HEAD_BYTES = 8 * 1024;

/** Text that fits no format is cut into raw records of about this size, at line ends. */
export const UNPARSED_RECORD_BYTES = 64 * 1024;

/**
 * What is special about one log format: where records begin, and what their fields are.
 * The assembler asks about each line once and in order. When a line begins a record, it has the one before encoded
 * before it asks again: a format can keep what it saw of the first line of these two records, and of no more.
 */
export interface RecordFormat {
  /**
   * Whether a record begins with the line [from, to), which is without its newline and at most LINE_HEAD_BYTES long.
   * `recordLength` is the length so far of the record before it; 0 when there is none: then this line begins one
   * whatever the answer is. `previousByte` is the last byte of the line before it, a carriage return not counted.
   */
  beginsRecord(source: ByteBlock, from: number, to: number, recordLength: number, previousByte: number): boolean;

  /**
   * Writes the fields of the record [from, to), valid UTF-8, each as `,"name":value`, at the cursor `at` of the
   * output, and answers the next cursor. There is room for JSON_EXPANSION times the record and RESERVED_BYTES.
   * Counts the record in `rawRecords` if it does not parse. `intact`: the bytes are those that were asked about, though
   * perhaps moved as a whole; else the text was repaired.
   */
  encode(source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number, intact: boolean): number;

  /** What the next record needs to know of those encoded so far. */
  state(): ParserState;
}

/** Room for what a record's fields take beyond its own text: names of fields, and values carried over. */
export const RESERVED_BYTES = 8 * 1024;
