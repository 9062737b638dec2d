import { type ByteBlock, createByteBlock } from './byte-block.ts';
import { isDigit, lineEnd, trimmedEnd } from './byte-text.ts';
import { type Literal, literal, startsWith, writeLiteral } from './literal.ts';
import { LogTime, readDateTime, readEpoch } from './log-time.ts';
import { type NdjsonOutput, writeNumberField, writeStringField } from './ndjson-output.ts';
import { PostgresBoundaries, PrefixMatchers, SeenPrefixes } from './postgres-boundaries.ts';
import { SectionWriter } from './postgres-message.ts';
import { CAPTURES, type LinePrefix, type PrefixMatcher } from './postgres-prefix.ts';
import type { Severity } from './postgres-severity.ts';
import { markRaw, writeRaw } from './raw-record.ts';
import { LINE_HEAD_BYTES, type RecordFormat } from './record-format.ts';
import type { ParserState } from './record-parser.ts';
import { zoneOffset } from './time-zones.ts';

/** Aurora's default. */
const DEFAULT_PREFIX = '%t:%r:%u@%d:[%p]:';
/** What Aurora's own lines begin with, whatever the parameter says: PostgreSQL's default. */
const INTERNAL_PREFIX = '%m [%p] ';

/** Longer than a date, a time with milliseconds and a zone. */
const MAX_TIME_BYTES = 64;
const TAB = 0x09;
const OPEN_PARENTHESIS = 0x28;
const COLON = 0x3a;
const DOT = 0x2e;
const CONNECTION_ID = literal(',"connection_id":');
const CLIENT_ADDRESS = literal(',"client_address":"');
const CLIENT_HOST = literal(',"client_host":"');
const CLIENT_PORT = literal(',"client_port":');

interface TextField {
  readonly name: Literal;
  /** What stands there when there is no value. */
  readonly unset: Literal;
}

/** By capture: the field that it is written to as it is. */
const TEXT_FIELDS: (TextField | undefined)[] = [];
for (const [capture, field, unset] of [
  ['user', 'user_name', '[unknown]'],
  ['database', 'db_namespace', '[unknown]'],
  ['sqlstate', 'sqlstate', '00000'],
  ['application', 'application_name', '[unknown]'],
  ['command', 'db_operation_name', '[unknown]'],
  ['session', 'session_id', '[unknown]'],
  ['backend', 'backend_type', '[unknown]'],
  ['query', 'query_id', '0'],
] as const) {
  TEXT_FIELDS[CAPTURES[capture]] = { name: literal(`,"${field}":"`), unset: literal(unset) };
}

/**
 * PostgreSQL's stderr log with any log_line_prefix. A line that begins with a TAB continues the message before it, and
 * so does one that fits no prefix; DETAIL, HINT, CONTEXT, STATEMENT, QUERY and LOCATION directly after a message of the
 * same process are fields of it, else records of their own. Where the prefix has no `%p`, being next to it is enough.
 * After UNPARSED_RECORD_BYTES lines that fit no prefix are no longer taken for a message: they are raw, line by line.
 */
export function createPostgresFormat(prefix: string | undefined, state: ParserState | undefined): RecordFormat {
  const prefixes = [...new Set([prefix ?? DEFAULT_PREFIX, DEFAULT_PREFIX, INTERNAL_PREFIX])];
  const seen = new SeenPrefixes();
  const boundaries = new PostgresBoundaries(prefixes, seen);
  const encoder = new PostgresEncoder(prefixes, state, seen);
  return {
    beginsRecord: (source, from, to, recordLength) => boundaries.beginsRecord(source, from, to, recordLength),
    encode: (source, from, to, output, at, intact) => encoder.encode(source, from, to, output, at, intact),
    state: () => encoder.state(),
  };
}

class PostgresEncoder {
  readonly #matchers: PrefixMatchers;
  readonly #time: LogTime;
  /** The text that `#time` was read from last, and whether its zone was known. */
  readonly #lastTime = createByteBlock(MAX_TIME_BYTES);
  #lastTimeLength = 0;
  #zoneKnown = true;
  readonly #sections = new SectionWriter();
  readonly #seen: SeenPrefixes;

  constructor(prefixes: readonly string[], state: ParserState | undefined, seen: SeenPrefixes) {
    this.#seen = seen;
    this.#matchers = new PrefixMatchers(prefixes);
    this.#time = new LogTime(state);
  }

  state(): ParserState {
    return this.#time.state();
  }

  encode(source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number, intact: boolean): number {
    const bytes = source.bytes;
    const prefix = this.#seen.shift(from);
    if (!intact) prefix.set(this.#match(source, from, to), this.#matchers.message, from);
    const severity = prefix.severity;
    if (severity === undefined) {
      const reason = trimmedEnd(bytes, from, to) === from ? 'blank' : 'prefix_mismatch';
      return writeRaw(source, from, to, reason, output, this.#time.write(output, at));
    }
    const zoneKnown = this.#readTime(source, prefix);
    let write = this.#time.write(output, at);
    write = writeLiteral(severity.json, output.block, write);
    write = writePrefix(source, prefix, output, write);
    this.#sections.begin(prefix.ends[CAPTURES.sqlstate] !== 0);
    write = this.#writeSections(source, severity, prefix.message, to, output, write);
    return zoneKnown ? write : markRaw('unknown_time_zone', output, write);
  }

  #match(source: ByteBlock, from: number, to: number): PrefixMatcher | undefined {
    return this.#matchers.match(source, from, Math.min(lineEnd(source.bytes, from, to), from + LINE_HEAD_BYTES));
  }

  /** Takes over the time of the line, if it has a valid one; answers whether its zone is known. */
  #readTime(source: ByteBlock, { starts, ends }: LinePrefix): boolean {
    const bytes = source.bytes;
    const time = this.#time;
    const from = starts[CAPTURES.time] as number;
    const to = ends[CAPTURES.time] as number;
    if (from === to) {
      readEpoch(bytes, starts[CAPTURES.epoch] as number, ends[CAPTURES.epoch] as number, time);
      return true;
    }
    if (this.#isLastTime(source, from, to)) return this.#zoneKnown;
    const end = readDateTime(bytes, from, to, time);
    if (end < 0) return true;
    const offset = zoneOffset(bytes, end + 1, to);
    this.#zoneKnown = !Number.isNaN(offset);
    if (this.#zoneKnown) time.seconds -= offset;
    this.#lastTimeLength = Math.min(to - from, MAX_TIME_BYTES);
    bytes.copy(this.#lastTime.bytes, 0, from, from + this.#lastTimeLength);
    return this.#zoneKnown;
  }

  /** Whether the time has the text of the one before, as most have when times are in seconds. */
  #isLastTime(source: ByteBlock, from: number, to: number): boolean {
    const length = to - from;
    if (length !== this.#lastTimeLength) return false;
    const last = length - 4;
    for (let at = 0; at < last; at += 4) {
      if (source.view.getInt32(from + at, true) !== this.#lastTime.view.getInt32(at, true)) return false;
    }
    return source.view.getInt32(from + last, true) === this.#lastTime.view.getInt32(last, true);
  }

  /** The message and what was added to it, each from after its severity to the line that begins the next. */
  #writeSections(
    source: ByteBlock,
    severity: Severity,
    from: number,
    to: number,
    output: NdjsonOutput,
    at: number,
  ): number {
    const bytes = source.bytes;
    let write = at;
    let section = severity;
    let start = from;
    let line = lineEnd(bytes, from, to) + 1;
    while (line < to) {
      const matcher = bytes[line] === TAB ? undefined : this.#match(source, line, to);
      if (matcher?.severity !== undefined) {
        write = this.#sections.write(section, source, start, line, output, write);
        section = matcher.severity;
        start = this.#matchers.message;
      }
      line = lineEnd(bytes, line, to) + 1;
    }
    return this.#sections.write(section, source, start, to, output, write);
  }
}

function writePrefix(source: ByteBlock, prefix: LinePrefix, output: NdjsonOutput, at: number): number {
  const { starts, ends, captures } = prefix;
  let write = writeRemote(source, starts[CAPTURES.remote] as number, ends[CAPTURES.remote] as number, output, at);
  write = writeNumberField(
    CONNECTION_ID,
    source,
    starts[CAPTURES.process] as number,
    ends[CAPTURES.process] as number,
    output,
    write,
  );
  for (let index = 0; index < captures.length; index++) {
    const capture = captures[index] as number;
    const field = TEXT_FIELDS[capture];
    const from = starts[capture] as number;
    const to = ends[capture] as number;
    if (field === undefined || from === to || startsWith(source, from, to, field.unset)) continue;
    write = writeStringField(field.name, source, from, to, output, write);
  }
  return write;
}

/** `10.0.2.55(57562)`, `host.example(57562)`, an address or a name alone, or `[local]`. */
function writeRemote(source: ByteBlock, from: number, to: number, output: NdjsonOutput, at: number): number {
  if (from === to) return at;
  const bytes = source.bytes;
  let hostTo = from;
  let isAddress = true;
  for (; hostTo < to && bytes[hostTo] !== OPEN_PARENTHESIS; hostTo++) {
    const byte = bytes[hostTo] as number;
    if (byte === COLON) break;
    if (byte !== DOT && !isDigit(byte)) isAddress = false;
  }
  if (bytes[hostTo] === COLON && hostTo < to) isAddress = true;
  while (hostTo < to && bytes[hostTo] !== OPEN_PARENTHESIS) hostTo++;
  const write = writeStringField(isAddress ? CLIENT_ADDRESS : CLIENT_HOST, source, from, hostTo, output, at);
  return hostTo + 1 < to ? writeNumberField(CLIENT_PORT, source, hostTo + 1, to - 1, output, write) : write;
}
