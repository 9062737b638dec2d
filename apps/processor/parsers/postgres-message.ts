import type { ByteBlock } from './byte-block.ts';
import { isDigit, skipBlanks, trimmedEnd } from './byte-text.ts';
import { writeMillisAsSeconds } from './decimal.ts';
import { literal, startsWith, writeLiteral } from './literal.ts';
import { type NdjsonOutput, writeStringField } from './ndjson-output.ts';
import { type Severity, STATEMENT_BIT } from './postgres-severity.ts';

const SPACE = 0x20;
const COLON = 0x3a;
const DOT = 0x2e;
const BODY = literal(',"body":"');
const QUERY_TEXT = literal(',"db_query_text":"');
const QUERY_TIME = literal(',"query_time":');
const SQLSTATE = literal(',"sqlstate":"');
const DURATION = literal('duration: ');
const MILLISECONDS = literal(' ms');
const STATEMENT = literal('statement: ');
/** What stands before the name of a prepared statement. */
const PREPARED = ['execute ', 'parse ', 'bind '].map(literal);
/** Five characters, a colon and a blank. */
const SQLSTATE_PREFIX = 7;
const NO_ERROR = literal('00000');

/** Writes the sections of a record: a message, and DETAIL, HINT and so on after it. */
export class SectionWriter {
  /** Bits of the additions that the record has already. */
  #written = 0;
  #hasSqlstate = false;

  /** Begins a record; `hasSqlstate`: its prefix gave one. */
  begin(hasSqlstate: boolean): void {
    this.#written = 0;
    this.#hasSqlstate = hasSqlstate;
  }

  /** A second addition of the same kind is left to the archive: a field has one value. */
  write(severity: Severity, source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number): number {
    const end = trimmedEnd(source.bytes, from, to);
    if (severity.addition === undefined) return this.#writeMessage(severity, source, from, end, output, at);
    if ((this.#written & severity.bit) !== 0) return at;
    this.#written |= severity.bit;
    return writeStringField(severity.addition, source, from, end, output, at, true);
  }

  /** `body` is the message up to the statement, `db_query_text` the statement: together they are the message. */
  #writeMessage(
    severity: Severity,
    source: ByteBlock,
    from: number,
    to: number,
    output: NdjsonOutput,
    at: number,
  ): number {
    const bytes = source.bytes;
    let write = at;
    let start = from;
    if (isSqlstate(bytes, from, to)) {
      start = skipBlanks(bytes, from + SQLSTATE_PREFIX, to);
      if (!this.#hasSqlstate && !startsWith(source, from, to, NO_ERROR)) {
        write = writeStringField(SQLSTATE, source, from, from + 5, output, write);
      }
    }
    if (!severity.isLog) return writeStringField(BODY, source, start, to, output, write, true);
    let label = start;
    if (startsWith(source, start, to, DURATION)) {
      const number = start + DURATION.length;
      const numberEnd = endOfNumber(bytes, number, to);
      if (startsWith(source, numberEnd, to, MILLISECONDS)) {
        const next = writeMillisAsSeconds(
          bytes,
          number,
          numberEnd,
          output.block.bytes,
          writeLiteral(QUERY_TIME, output.block, write),
        );
        if (next >= 0) write = next;
        label = skipBlanks(bytes, numberEnd + MILLISECONDS.length, to);
      }
    }
    const labelEnd = statementLabelEnd(source, label, to);
    if (labelEnd < 0) return writeStringField(BODY, source, start, to, output, write, true);
    this.#written |= STATEMENT_BIT;
    write = writeStringField(BODY, source, start, labelEnd, output, write);
    return writeStringField(QUERY_TEXT, source, skipBlanks(bytes, labelEnd, to), to, output, write, true);
  }
}

/** `42P01: ` as log_error_verbosity = verbose puts it before the message. */
function isSqlstate(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < SQLSTATE_PREFIX || bytes[from + 5] !== COLON || bytes[from + 6] !== SPACE) return false;
  let digits = 0;
  for (let at = from; at < from + 5; at++) {
    const byte = bytes[at] as number;
    if (isDigit(byte)) digits++;
    else if (byte < 0x41 || byte > 0x5a) return false;
  }
  return digits >= 2;
}

/** After the colon of `statement:`, `execute <name>:`, `parse <name>:` or `bind <name>:`; -1 where none stands. */
function statementLabelEnd(source: ByteBlock, from: number, to: number): number {
  if (startsWith(source, from, to, STATEMENT)) return from + STATEMENT.length - 1;
  if (!PREPARED.some((label) => startsWith(source, from, to, label))) return -1;
  const colon = source.bytes.indexOf(COLON, from);
  return colon > 0 && colon < to && source.bytes[colon + 1] === SPACE ? colon + 1 : -1;
}

function endOfNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (isDigit(bytes[at]) || bytes[at] === DOT)) at++;
  return at;
}
