import type { ByteBlock } from './byte-block.ts';
import { CARRIAGE_RETURN, isBlank, isDigit } from './byte-text.ts';
import { type Literal, literal, startsWith } from './literal.ts';
import { type RecordFormat, UNPARSED_RECORD_BYTES } from './record-format.ts';

const HASH = 0x23;
const SEMICOLON = 0x3b;
const COLON = 0x3a;
const LETTER_T = 0x54;

const USE = literal('use ');
const SET = literal('SET ');
const MAX_FILE_HEADER_LINE = 1024;
/** `/rdsdbbin/oscar/bin/mysqld, Version: 8.0.28 (Source distribution). started with:`, and the two lines after it. */
const SERVER_LINE = /^[/\w].*, Version: .*started with:\s*$/;
const FILE_HEADER_REST = /^(?:T[Cc][Pp] [Pp]ort: \d+|Time\s+Id\s+Command)/;

type Line =
  | 'time'
  | 'user'
  | 'query time'
  | 'admin'
  | 'other first'
  | 'hash'
  | 'server'
  | 'file header rest'
  | 'setting'
  | 'blank'
  | 'text';

/** What the entry that is being read consists of so far. `setting`: up to `use db;` or `SET timestamp=…;`. */
type Place = 'blank' | 'header' | 'setting' | 'statement' | 'file header' | 'unparsed';

/**
 * Makes the `beginsRecord` of slow logs. `# Time: <digit>` and `# User@Host: ` begin an entry anywhere, also inside a
 * statement: a crash cuts statements, and a text that imitates a header cannot be told from one. Other header lines
 * begin one only after a line that ends with a semicolon, as a statement does.
 */
export function createSlowLogBoundaries(): RecordFormat['beginsRecord'] {
  let place: Place = 'blank';
  let queryTimeSeen = false;
  return (source, from, to, recordLength, previousByte) => {
    const bytes = source.bytes;
    if (place === 'statement' && recordLength > 0 && bytes[from] !== HASH && !endsWithColon(bytes, from, to))
      return false;
    const line = classify(source, from, to);
    const tooLong = recordLength >= UNPARSED_RECORD_BYTES && place !== 'statement';
    const begins = recordLength === 0 || tooLong || beginsAfter(place, line, queryTimeSeen, previousByte === SEMICOLON);
    if (begins) queryTimeSeen = false;
    if (begins || place === 'blank') place = placeAfterFirst(line);
    else if (place === 'header' || place === 'setting') place = placeAfter(place, line);
    if (line === 'query time') queryTimeSeen = true;
    return begins;
  };
}

function beginsAfter(place: Place, line: Line, queryTimeSeen: boolean, afterSemicolon: boolean): boolean {
  if (place === 'blank' || line === 'blank') return false;
  switch (line) {
    case 'time':
      return true;
    case 'server':
      return place !== 'file header';
    case 'user':
      return place !== 'header' || queryTimeSeen;
    case 'admin':
      return place === 'statement' ? afterSemicolon : place === 'file header' || place === 'unparsed';
    case 'query time':
    case 'other first':
      return place === 'statement' ? afterSemicolon : place !== 'header';
    case 'file header rest':
      return false;
    default:
      return place === 'file header';
  }
}

/** Where an entry is after its first line. */
function placeAfterFirst(line: Line): Place {
  switch (line) {
    case 'blank':
      return 'blank';
    case 'server':
    case 'file header rest':
      return 'file header';
    case 'admin':
      return 'statement';
    case 'time':
    case 'user':
    case 'query time':
    case 'other first':
      return 'header';
    default:
      return 'unparsed';
  }
}

/** Where an entry is after one more line of its header, its settings or its statement. */
function placeAfter(place: 'header' | 'setting', line: Line): Place {
  if (line === 'setting') return 'setting';
  if (line === 'blank') return place;
  const isHeader = place === 'header' && line !== 'admin' && line !== 'text' && line !== 'file header rest';
  return isHeader ? 'header' : 'statement';
}

/** Whether the line is one of the three that a server writes when it opens a log. */
export function isFileHeaderLine(source: ByteBlock, from: number, to: number): boolean {
  const line = classify(source, from, to);
  return line === 'server' || line === 'file header rest';
}

function classify(source: ByteBlock, from: number, to: number): Line {
  const bytes = source.bytes;
  if (bytes[from] === HASH) return classifyHash(source, from, to);
  if (startsWith(source, from, to, USE) || startsWith(source, from, to, SET)) return 'setting';
  if (isBlank(bytes, from, to)) return 'blank';
  const mayBeFileHeader = bytes[from] === LETTER_T || endsWithColon(bytes, from, to);
  if (!mayBeFileHeader || to - from > MAX_FILE_HEADER_LINE) return 'text';
  const text = bytes.toString('latin1', from, to);
  if (FILE_HEADER_REST.test(text)) return 'file header rest';
  return SERVER_LINE.test(text) ? 'server' : 'text';
}

/** Lines that can begin an entry, by the letter after `# `; other header lines are told by one look. */
const FIRST_LINES: readonly (readonly (readonly [Line, Literal])[])[] = Array.from({ length: 256 }, (_, letter) =>
  (
    [
      ['time', '# Time: '],
      ['user', '# User@Host: '],
      ['query time', '# Query_time: '],
      ['admin', '# administrator command: '],
      ['other first', '# Thread_id: '],
      ['other first', '# Schema: '],
      ['other first', '# User: '],
    ] as const
  )
    .filter(([, start]) => start.charCodeAt(2) === letter)
    .map(([line, start]) => [line, literal(start)] as const),
);

function classifyHash(source: ByteBlock, from: number, to: number): Line {
  if (to - from < 3) return 'hash';
  for (const [line, start] of FIRST_LINES[source.bytes[from + 2] as number] as readonly (readonly [Line, Literal])[]) {
    if (!startsWith(source, from, to, start)) continue;
    return line === 'time' && !isDigit(source.bytes[from + start.length]) ? 'hash' : line;
  }
  return 'hash';
}

function endsWithColon(bytes: Uint8Array, from: number, to: number): boolean {
  const end = to > from && bytes[to - 1] === CARRIAGE_RETURN ? to - 1 : to;
  return end > from && bytes[end - 1] === COLON;
}
