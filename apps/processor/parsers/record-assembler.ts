import { isUtf8 } from 'node:buffer';
import { type ByteBlock, createByteBlock, grown, wholeCharactersEnd } from './byte-block.ts';
import { literal, writeLiteral } from './literal.ts';
import { JSON_EXPANSION, NdjsonOutput, writeInteger } from './ndjson-output.ts';
import { LINE_HEAD_BYTES, RESERVED_BYTES, type RecordFormat } from './record-format.ts';
import { MAX_RECORD_BYTES, type ParsedRecords, type ParserState, type RecordParser } from './record-parser.ts';

/** Input is worked on in slices of this size, so that it stays in the processor's cache. */
const SLICE_BYTES = 128 * 1024;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const CLOSING_BRACE = 0x7d;

const AFTER_ID = literal('","log_offset":');
const BEFORE_LENGTH = literal(',"log_length":');
const TRUNCATED = literal(',"truncated":true');

/**
 * Cuts the bytes of a file into records where the format says, and writes each as one line of JSON.
 * Holds the unfinished record: at most MAX_RECORD_BYTES of it, and the line that is being read.
 */
export class RecordAssembler implements RecordParser {
  readonly #format: RecordFormat;
  readonly #head: Uint8Array;
  readonly #output = new NdjsonOutput();
  #takenTo: number;

  /** The file from offset `#base` on, but for `#dropped` bytes after the first MAX_RECORD_BYTES. */
  #block: ByteBlock = createByteBlock(2 * SLICE_BYTES);
  #length = 0;
  #base: number;
  #dropped = 0;

  #lineStart = 0;
  /** Whether the format was asked about the line at `#lineStart`. */
  #lineAsked = false;
  /** No newline in [#lineStart, #searched). */
  #searched = 0;
  #previousByte = NEWLINE;

  /** `head` is the JSON up to the offset in `record_id`, which every record of the file begins with. */
  constructor(head: Uint8Array, format: RecordFormat, offset: number) {
    this.#head = head;
    this.#format = format;
    this.#base = offset;
    this.#takenTo = offset;
  }

  get pendingOutput(): number {
    return this.#output.end;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      const slice = bytes.subarray(at, at + SLICE_BYTES);
      this.#block = grown(this.#block, this.#length, this.#length + slice.length);
      this.#block.bytes.set(slice, this.#length);
      this.#length += slice.length;
      this.#scan();
      this.#dropOverflow();
    }
  }

  flush(): void {
    if (!this.#lineAsked && this.#lineStart < this.#length && this.#recordEnds(0, this.#length)) {
      this.#encode(0, this.#lineStart, false);
      this.#forget(this.#lineStart);
    }
    if (this.#length > 0) {
      this.#encode(0, this.#length, false);
      this.#forget(this.#length);
    }
    this.#lineStart = 0;
    this.#lineAsked = false;
    this.#searched = 0;
    this.#previousByte = NEWLINE;
  }

  take(): ParsedRecords {
    const { block, end, records, rawRecords } = this.#output;
    const taken = { from: this.#takenTo, to: this.#base, records, rawRecords, ndjson: block.bytes.subarray(0, end) };
    this.#takenTo = this.#base;
    this.#output.clear();
    return taken;
  }

  state(): ParserState {
    return this.#format.state();
  }

  /** Looks for the ends of records in what was not looked at yet, and encodes those that end. */
  #scan(): void {
    const text = this.#block.bytes.subarray(0, this.#length);
    let recordStart = 0;
    let valid: boolean | undefined;
    let newline = text.indexOf(NEWLINE, this.#searched);
    while (newline >= 0 || text.length - this.#lineStart >= LINE_HEAD_BYTES) {
      if (!this.#lineAsked && this.#recordEnds(recordStart, newline < 0 ? text.length : newline)) {
        // One check for all that end in this slice; if it fails, each is checked.
        valid ??= isUtf8(text.subarray(0, text.lastIndexOf(NEWLINE) + 1));
        this.#encode(recordStart, this.#lineStart, valid);
        recordStart = this.#lineStart;
      }
      this.#lineAsked = true;
      if (newline < 0) break;
      this.#beginLine(text, newline + 1);
      newline = text.indexOf(NEWLINE, newline + 1);
    }
    this.#searched = this.#length;
    this.#forget(recordStart);
  }

  /** Asks the format about the line at `#lineStart`: whether it begins a record and so ends the one at `recordStart`. */
  #recordEnds(recordStart: number, lineEnd: number): boolean {
    const lineStart = this.#lineStart;
    const headEnd = Math.min(lineEnd, lineStart + LINE_HEAD_BYTES);
    const recordLength = lineStart - recordStart + this.#dropped;
    const begins = this.#format.beginsRecord(this.#block, lineStart, headEnd, recordLength, this.#previousByte);
    return begins && lineStart > recordStart;
  }

  #beginLine(text: Buffer, at: number): void {
    this.#previousByte = lastByte(text, this.#lineStart, at - 1);
    this.#lineStart = at;
    this.#searched = at;
    this.#lineAsked = false;
  }

  /** Forgets what of the unfinished record is over the limit, but for what the next step of the scan looks at. */
  #dropOverflow(): void {
    const keepFrom = this.#lineAsked ? this.#length - 2 : this.#lineStart;
    const excess = keepFrom - MAX_RECORD_BYTES;
    if (excess <= 0) return;
    this.#block.bytes.copyWithin(MAX_RECORD_BYTES, keepFrom, this.#length);
    this.#length -= excess;
    this.#searched -= excess;
    this.#lineStart = Math.min(this.#lineStart, MAX_RECORD_BYTES);
    this.#dropped += excess;
  }

  /** Moves what follows the encoded records to the front. */
  #forget(encoded: number): void {
    if (encoded === 0) return;
    this.#block.bytes.copyWithin(0, encoded, this.#length);
    this.#length -= encoded;
    this.#base += encoded;
    this.#lineStart -= encoded;
    this.#searched -= encoded;
  }

  /** Encodes the record [start, end); `valid`: it is known to be UTF-8. */
  #encode(start: number, end: number, valid: boolean): void {
    const length = end - start + this.#dropped;
    const truncated = length > MAX_RECORD_BYTES;
    let source = this.#block;
    let from = start;
    let to = truncated ? wholeCharactersEnd(source.bytes, start, start + MAX_RECORD_BYTES) : end;
    if (!valid && !isUtf8(source.bytes.subarray(from, to))) {
      const repaired = Buffer.from(source.bytes.toString('utf8', from, to));
      source = createByteBlock(repaired.length);
      repaired.copy(source.bytes);
      from = 0;
      to = repaired.length;
    }
    const output = this.#output;
    output.reserve(JSON_EXPANSION * (to - from) + this.#head.length + RESERVED_BYTES);
    let at = this.#writeHead(this.#base + start, length, output.end);
    at = this.#format.encode(source, from, to, output, at, source === this.#block);
    if (truncated) at = writeLiteral(TRUNCATED, output.block, at);
    output.block.bytes[at] = CLOSING_BRACE;
    output.block.bytes[at + 1] = NEWLINE;
    output.end = at + 2;
    output.records++;
    this.#base += this.#dropped;
    this.#dropped = 0;
  }

  #writeHead(offset: number, length: number, at: number): number {
    const block = this.#output.block;
    block.bytes.set(this.#head, at);
    const idStart = at + this.#head.length;
    const idEnd = writeInteger(offset, block.bytes, idStart);
    let next = writeLiteral(AFTER_ID, block, idEnd);
    // The same digits again: at most 16 of them.
    for (let word = 0; word < idEnd - idStart; word += 4) {
      block.view.setInt32(next + word, block.view.getInt32(idStart + word, true), true);
    }
    next += idEnd - idStart;
    next = writeLiteral(BEFORE_LENGTH, block, next);
    return writeInteger(length, block.bytes, next);
  }
}

/** The last byte of a line that is no carriage return; a newline when the line is empty. */
function lastByte(text: Uint8Array, lineStart: number, newline: number): number {
  const last = newline - 1 >= lineStart ? (text[newline - 1] as number) : NEWLINE;
  if (last !== CARRIAGE_RETURN) return last;
  return newline - 2 >= lineStart ? (text[newline - 2] as number) : NEWLINE;
}
