import type { DbSystem, LogKind } from '../../shared/log-file.ts';

/** What is the same for every record of a generation: encoded once, not per record. */
export interface RecordContext {
  readonly accountId: string;
  readonly region: string;
  readonly dbSystem: DbSystem;
  readonly clusterId: string;
  readonly instanceId: string;
  readonly resourceId: string;
  readonly kind: LogKind;
  readonly fileName: string;
  readonly seq: number;
  /** `log_line_prefix` of a PostgreSQL instance, where it could be read. */
  readonly logLinePrefix?: string;
}

/** Small and JSON-serialisable; what must be known at a record boundary to parse on from there. */
export type ParserState = Readonly<Record<string, string | number | boolean>>;

export interface ParsedRecords {
  /** The records cover exactly the bytes [from, to) of the file. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  /** Records among them that did not parse (they have a `parse_reason`). */
  readonly rawRecords: number;
  /** NDJSON, valid until the next call of `write`, `flush` or `take`. */
  readonly ndjson: Uint8Array;
}

/**
 * Turns the bytes of one generation into NDJSON records.
 * The records tile the file: each byte belongs to exactly one record (`log_offset`, `log_length`), in order, and they
 * are the same however the bytes are cut into writes. Nothing throws on bad input: what does not parse is a raw
 * record with a reason. Memory is bounded by what is written at once: a record over 1 MiB is cut with `truncated`, its
 * length is still exact; the output of one write stays until it is taken, two or three times the input for usual logs,
 * some 250 times for a file of one-letter lines. So write some 256 KiB, look at `pendingOutput`, and take.
 */
export interface RecordParser {
  /** Takes the next bytes; they may be reused by the caller afterwards. */
  write(bytes: Uint8Array): void;
  /** Emits what is left as a record, as if the file ended here. */
  flush(): void;
  /** NDJSON bytes that wait to be taken. */
  readonly pendingOutput: number;
  /** Gives the records since the last take; `from` of the next is `to` of this. */
  take(): ParsedRecords;
  /** State at the end of the last complete record, to be stored with the offset `to` of the last `take`. */
  state(): ParserState;
}

/** Where a parser begins: a record boundary and the state that a parser had there; the start of the file by default. */
export interface ParserStart {
  readonly offset: number;
  readonly state?: ParserState | undefined;
}

export type CreateParser = (context: RecordContext, start: ParserStart) => RecordParser;

export const MAX_RECORD_BYTES = 1024 * 1024;
