import { type ByteBlock, createByteBlock } from './byte-block.ts';
import { lineEnd, SPACE, skipBlanks, skipWhiteSpace, trimmedEnd } from './byte-text.ts';
import { literal, startsWith } from './literal.ts';
import { LogTime, readEpoch } from './log-time.ts';
import { type NdjsonOutput, writeStringField } from './ndjson-output.ts';
import { writeRaw } from './raw-record.ts';
import type { RecordFormat } from './record-format.ts';
import type { ParserState } from './record-parser.ts';
import { createSlowLogBoundaries, isFileHeaderLine } from './slow-log-boundaries.ts';
import { readTimeLine, writeUserHost } from './slow-log-header.ts';
import {
  FIELD_COUNT,
  findSlowLogKey,
  QUERY_TIME_FIELD,
  SCHEMA_FIELD,
  type SlowLogKey,
  writeSlowLogField,
} from './slow-log-keys.ts';

const TAB = 0x09;
const HASH = 0x23;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const CLOSE = 0x5d;
const BACKTICK = 0x60;

const TIME = literal('# Time: ');
const USER_HOST = literal('# User@Host: ');
const ADMIN_COMMAND = literal('# administrator command: ');
const USE = literal('use ');
const SET = literal('SET ');
const SETTINGS = ['SET timestamp=', 'SET insert_id=', 'SET last_insert_id='].map(literal);
const TIMESTAMP = Buffer.from('timestamp=');
const DATABASE = literal(',"db_namespace":"');
const QUERY_TEXT = literal(',"db_query_text":"');

const MAX_EXPECTED_KEYS = 64;
/** `# Time:` and `# User@Host:` in one line are at least as long; a time alone is shorter. */
const MIN_JOINED_LINE = 40;
/** A longer name of a database is no name (MySQL: 64 characters) and is not carried on. */
const MAX_DATABASE_BYTES = 256;

/**
 * Slow logs of MySQL, Aurora MySQL, Percona Server and MariaDB.
 * `_timestamp` is that of `# Time:` where it has a zone (MySQL 5.7 on), else of `SET timestamp`, else `# Time:` read as
 * UTC. A server prints `use db;` only when it differs from the entry before, so the name is carried from entry to entry
 * until the server opens a new log; an entry of a connection without a database cannot be told from that.
 */
export function createSlowLogFormat(state: ParserState | undefined): RecordFormat {
  const encoder = new SlowLogEncoder(state);
  return {
    beginsRecord: createSlowLogBoundaries(),
    encode: (source, from, to, output, at) => encoder.encode(source, from, to, output, at),
    state: () => encoder.state(),
  };
}

class SlowLogEncoder {
  readonly #time: LogTime;
  /** Its first `#databaseLength` bytes: the database of the entry before; none while unknown. */
  readonly #database = createByteBlock(MAX_DATABASE_BYTES);
  #databaseLength = 0;

  #entry = 0;
  /** By field: the entry in which it was seen last. */
  readonly #seenIn = new Float64Array(FIELD_COUNT);
  /** The keys of the entry before, in order: a server writes the same in each, and to compare is faster than to look up. */
  readonly #expectedKeys: SlowLogKey[] = [];
  #keysSeen = 0;
  #zoned = false;
  #schemaFrom = 0;
  #schemaTo = 0;
  #databaseSet = false;

  constructor(state: ParserState | undefined) {
    this.#time = new LogTime(state);
    const database = state?.['database'];
    if (typeof database === 'string')
      this.#databaseLength = this.#database.bytes.write(database, 0, MAX_DATABASE_BYTES);
  }

  state(): ParserState {
    const time = this.#time.state();
    if (this.#databaseLength === 0) return time;
    return { ...time, database: this.#database.bytes.toString('utf8', 0, this.#databaseLength) };
  }

  encode(source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number): number {
    const bytes = source.bytes;
    const start = skipWhiteSpace(bytes, from, to);
    if (bytes[start] !== HASH || start === to) return this.#encodeUnparsed(source, from, start, to, output, at);
    this.#entry++;
    this.#keysSeen = 0;
    this.#zoned = false;
    this.#schemaTo = this.#schemaFrom;
    this.#databaseSet = false;
    let read = start;
    let write = at;
    while (read < to && bytes[read] === HASH && !startsWith(source, read, to, ADMIN_COMMAND)) {
      const end = lineEnd(bytes, read, to);
      write = this.#encodeHeaderLine(source, read, trimmedEnd(bytes, read, end), output, write);
      read = skipWhiteSpace(bytes, end, to);
    }
    const statement = this.#readSettings(source, read, to);
    if (this.#seenIn[QUERY_TIME_FIELD] !== this.#entry) {
      return writeRaw(source, from, to, 'incomplete_header', output, this.#time.write(output, at));
    }
    write = this.#writeDatabase(source, output, this.#time.write(output, write));
    return writeStatement(source, statement, to, output, write);
  }

  #encodeUnparsed(
    source: ByteBlock,
    from: number,
    start: number,
    to: number,
    output: NdjsonOutput,
    at: number,
  ): number {
    const next = this.#time.write(output, at);
    if (start === to) return writeRaw(source, from, to, 'blank', output, next);
    if (!isFileHeaderLine(source, start, lineEnd(source.bytes, start, to))) {
      return writeRaw(source, from, to, 'no_header', output, next);
    }
    this.#setDatabase(source.bytes, 0, 0);
    return writeRaw(source, from, to, 'file_header', output, next);
  }

  #encodeHeaderLine(source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number): number {
    const bytes = source.bytes;
    let user = from;
    if (startsWith(source, from, to, TIME)) {
      this.#zoned = readTimeLine(bytes, from + TIME.length, to, this.#time);
      if (to - from < MIN_JOINED_LINE) return at;
      // Some servers leave out the newline between the two lines.
      user = bytes.indexOf(HASH, from + 1);
      if (user < 0 || user >= to) return at;
    }
    if (!startsWith(source, user, to, USER_HOST)) return this.#encodeKeys(source, from, to, output, at);
    let close = to - 1;
    while (close > user && bytes[close] !== CLOSE) close--;
    const next = writeUserHost(source, user + USER_HOST.length, close, output, at);
    return this.#encodeKeys(source, close, to, output, next);
  }

  /** The pairs of a line like `# Schema:   Last_errno: 0  Killed: 0`, after its first byte. */
  #encodeKeys(source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number): number {
    const bytes = source.bytes;
    let write = at;
    let read = skipBlanks(bytes, from + 1, to);
    while (read < to) {
      const expected = this.#expectedKeys[this.#keysSeen];
      const isExpected = expected !== undefined && startsWith(source, read, to, expected.label);
      const wordEnd = isExpected ? read + expected.label.length - 1 : endOfWord(bytes, read, to);
      const value = skipBlanks(bytes, wordEnd, to);
      if (bytes[wordEnd - 1] !== COLON) {
        read = value;
        continue;
      }
      // A value that looks like a key is one: the value before it is empty.
      const next = endOfWord(bytes, value, to);
      const valueEnd = bytes[next - 1] === COLON ? value : next;
      const key = isExpected ? expected : findSlowLogKey(bytes, read, wordEnd - 1);
      if (key !== undefined) write = this.#encodePair(key, source, value, valueEnd, output, write);
      read = skipBlanks(bytes, valueEnd, to);
    }
    return write;
  }

  #encodePair(key: SlowLogKey, source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number): number {
    if (this.#keysSeen < MAX_EXPECTED_KEYS) this.#expectedKeys[this.#keysSeen++] = key;
    if (this.#seenIn[key.field] === this.#entry) return at;
    this.#seenIn[key.field] = this.#entry;
    if (key.field === SCHEMA_FIELD) {
      this.#schemaFrom = from;
      this.#schemaTo = to;
      return at;
    }
    return from === to ? at : writeSlowLogField(key, source, from, to, output, at);
  }

  /** Reads `use db;` and `SET timestamp=…;` and answers where the statement begins. */
  #readSettings(source: ByteBlock, from: number, to: number): number {
    const bytes = source.bytes;
    let read = from;
    if (startsWith(source, read, to, USE)) {
      const end = lineEnd(bytes, read, to);
      if (!this.#readUse(bytes, read + USE.length, trimmedEnd(bytes, read, end))) return read;
      read = skipWhiteSpace(bytes, end, to);
      // Without anything after it, the `use` is the statement itself.
      if (read === to) return from;
    }
    if (!isSetting(source, read, to)) return read;
    const end = lineEnd(bytes, read, to);
    if (!this.#zoned) {
      const timestamp = bytes.indexOf(TIMESTAMP, read);
      if (timestamp >= 0 && timestamp < end) readEpoch(bytes, timestamp + TIMESTAMP.length, end, this.#time);
    }
    return skipWhiteSpace(bytes, end, to);
  }

  /** Takes over the database of `use db;`; false when the line is no such setting. */
  #readUse(bytes: Buffer, from: number, to: number): boolean {
    if (bytes[to - 1] !== SEMICOLON || to - from > MAX_DATABASE_BYTES) return false;
    const quoted = bytes[from] === BACKTICK && bytes[to - 2] === BACKTICK && to - from > 3;
    this.#setDatabase(bytes, quoted ? from + 1 : from, quoted ? to - 2 : to - 1);
    this.#databaseSet = true;
    return true;
  }

  #setDatabase(bytes: Uint8Array, from: number, to: number): void {
    this.#databaseLength = to - from;
    for (let at = from; at < to; at++) this.#database.bytes[at - from] = bytes[at] as number;
  }

  #writeDatabase(source: ByteBlock, output: NdjsonOutput, at: number): number {
    const hasSchema = this.#seenIn[SCHEMA_FIELD] === this.#entry;
    if (hasSchema && !this.#databaseSet) {
      return writeStringField(DATABASE, source, this.#schemaFrom, this.#schemaTo, output, at);
    }
    return writeStringField(DATABASE, this.#database, 0, this.#databaseLength, output, at);
  }
}

function isSetting(source: ByteBlock, from: number, to: number): boolean {
  return startsWith(source, from, to, SET) && SETTINGS.some((start) => startsWith(source, from, to, start));
}

/** The statement without the semicolon that the server adds; `administrator command: Quit` without its hash. */
function writeStatement(source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number): number {
  const bytes = source.bytes;
  let end = trimmedEnd(bytes, from, to);
  if (end > from && bytes[end - 1] === SEMICOLON) end--;
  const start = startsWith(source, from, end, ADMIN_COMMAND) ? from + 2 : from;
  return writeStringField(QUERY_TEXT, source, start, end, output, at);
}

/** Where a blank follows, or `to`. */
function endOfWord(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== SPACE && bytes[at] !== TAB) at++;
  return at;
}
