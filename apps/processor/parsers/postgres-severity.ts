import type { ByteBlock } from './byte-block.ts';
import { type Literal, literal, startsWith } from './literal.ts';

/** The words before a message, in English; the last seven add to the message before them. (PostgreSQL, elog.c) */
const WORDS = [
  ...['LOG', 'ERROR', 'FATAL', 'WARNING', 'PANIC', 'NOTICE', 'INFO'],
  ...['DEBUG1', 'DEBUG2', 'DEBUG3', 'DEBUG4', 'DEBUG5', 'DEBUG'],
  ...['DETAIL', 'HINT', 'QUERY', 'CONTEXT', 'STATEMENT', 'LOCATION', 'BACKTRACE'],
];

export interface Severity {
  /** `LOG: `, as it stands before the message. */
  readonly label: Literal;
  /** `,"severity_text":"LOG"` */
  readonly json: Literal;
  /** The field for the text of a line that adds to a message; absent for messages of their own. */
  readonly addition?: Literal;
  /** One bit per addition, to tell which of them a record has. */
  readonly bit: number;
  readonly isLog: boolean;
}

/** Fields of additions, named as the columns of PostgreSQL's csvlog are, but for the statement. */
const ADDITIONS: Readonly<Record<string, string>> = {
  DETAIL: 'detail',
  HINT: 'hint',
  QUERY: 'internal_query',
  CONTEXT: 'context',
  STATEMENT: 'db_query_text',
  LOCATION: 'location',
  BACKTRACE: 'backtrace',
};

const SEVERITIES: readonly Severity[] = WORDS.map((word, index) => ({
  bit: 1 << index,
  label: literal(`${word}: `),
  json: literal(`,"severity_text":"${word}"`),
  isLog: word === 'LOG',
  ...(ADDITIONS[word] === undefined ? {} : { addition: literal(`,"${ADDITIONS[word]}":"`) }),
}));

/** The bit of a statement, which a message can hold too. */
export const STATEMENT_BIT = 1 << WORDS.indexOf('STATEMENT');

/** By first byte: which severities can begin with it. */
const BY_FIRST_BYTE: readonly (readonly Severity[])[] = Array.from({ length: 256 }, (_, byte) =>
  SEVERITIES.filter(({ label }) => ((label.words[0] as number) & 0xff) === byte),
);

/** The severity whose label stands at `from`. */
export function severityAt(source: ByteBlock, from: number, to: number): Severity | undefined {
  if (from >= to) return undefined;
  const candidates = BY_FIRST_BYTE[source.bytes[from] as number] as readonly Severity[];
  for (let index = 0; index < candidates.length; index++) {
    const severity = candidates[index] as Severity;
    if (startsWith(source, from, to, severity.label)) return severity;
  }
  return undefined;
}
