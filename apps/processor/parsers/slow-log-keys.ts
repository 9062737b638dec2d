import type { ByteBlock } from './byte-block.ts';
import { writeDecimal } from './decimal.ts';
import { type Literal, literal, writeLiteral } from './literal.ts';
import { type NdjsonOutput, writeText } from './ndjson-output.ts';

/** How a value is written. `errno`: text, absent when 0. `flag`: Yes and No. */
type ValueType = 'number' | 'text' | 'errno' | 'flag';

/**
 * The keys of slow log header lines that become fields of their own, and how; other keys stay in the archive.
 * Sources: File_query_log::write_slow of MySQL 8.0 (with log_slow_extra), Percona Server's and MariaDB's log_slow_verbosity.
 */
const FIELDS: readonly (readonly [key: string, field: string, type: ValueType])[] = [
  ['Query_time', 'query_time', 'number'],
  ['Lock_time', 'lock_time', 'number'],
  ['Rows_sent', 'rows_sent', 'number'],
  ['Rows_examined', 'rows_examined', 'number'],
  ['Rows_affected', 'rows_affected', 'number'],
  ['Rows_read', 'rows_read', 'number'],
  ['Thread_id', 'connection_id', 'number'],
  ['Id', 'connection_id', 'number'],
  ['Schema', 'db_namespace', 'text'],
  ['Errno', 'error_code', 'errno'],
  ['Last_errno', 'error_code', 'errno'],
  ['Killed', 'killed', 'number'],
  ['Bytes_received', 'bytes_received', 'number'],
  ['Bytes_sent', 'bytes_sent', 'number'],
  ['Read_first', 'read_first', 'number'],
  ['Read_last', 'read_last', 'number'],
  ['Read_key', 'read_key', 'number'],
  ['Read_next', 'read_next', 'number'],
  ['Read_prev', 'read_prev', 'number'],
  ['Read_rnd', 'read_rnd', 'number'],
  ['Read_rnd_next', 'read_rnd_next', 'number'],
  ['Sort_merge_passes', 'sort_merge_passes', 'number'],
  ['Sort_range_count', 'sort_range_count', 'number'],
  ['Sort_rows', 'sort_rows', 'number'],
  ['Sort_scan_count', 'sort_scan_count', 'number'],
  ['Created_tmp_disk_tables', 'created_tmp_disk_tables', 'number'],
  ['Created_tmp_tables', 'created_tmp_tables', 'number'],
  ['Tmp_tables', 'created_tmp_tables', 'number'],
  ['Tmp_disk_tables', 'created_tmp_disk_tables', 'number'],
  ['Tmp_table_sizes', 'tmp_table_sizes', 'number'],
  ['Merge_passes', 'sort_merge_passes', 'number'],
  ['Full_scan', 'full_scan', 'flag'],
  ['Full_join', 'full_join', 'flag'],
  ['Tmp_table', 'tmp_table', 'flag'],
  ['Tmp_table_on_disk', 'tmp_table_on_disk', 'flag'],
  ['Filesort', 'filesort', 'flag'],
  ['Filesort_on_disk', 'filesort_on_disk', 'flag'],
  ['Priority_queue', 'priority_queue', 'flag'],
  ['QC_Hit', 'query_cache_hit', 'flag'],
  ['QC_hit', 'query_cache_hit', 'flag'],
  ['InnoDB_trx_id', 'innodb_trx_id', 'text'],
  ['InnoDB_IO_r_ops', 'innodb_io_r_ops', 'number'],
  ['InnoDB_IO_r_bytes', 'innodb_io_r_bytes', 'number'],
  ['InnoDB_IO_r_wait', 'innodb_io_r_wait', 'number'],
  ['InnoDB_rec_lock_wait', 'innodb_rec_lock_wait', 'number'],
  ['InnoDB_queue_wait', 'innodb_queue_wait', 'number'],
  ['InnoDB_pages_distinct', 'innodb_pages_distinct', 'number'],
];

export interface SlowLogKey {
  readonly key: Buffer;
  /** As it stands in a header line: `Rows_sent: `. */
  readonly label: Literal;
  readonly type: ValueType;
  /** Two keys of one field have the same: only the first of them in a record is written. */
  readonly field: number;
  readonly json: Literal;
}

/** `field` of Query_time, without which an entry is not complete. */
export const QUERY_TIME_FIELD = FIELDS.findIndex(([key]) => key === 'Query_time');
/** `field` of the default database, which `use db;` gives too. */
export const SCHEMA_FIELD = FIELDS.findIndex(([key]) => key === 'Schema');
export const FIELD_COUNT = FIELDS.length;

const SLOTS = 256;
const table: (SlowLogKey | undefined)[] = new Array(SLOTS).fill(undefined);
for (const [key, field, type] of FIELDS) {
  const bytes = Buffer.from(key);
  let slot = slotOf(bytes, 0, bytes.length);
  while (table[slot] !== undefined) slot = (slot + 1) % SLOTS;
  const first = FIELDS.findIndex((other) => other[1] === field);
  table[slot] = { key: bytes, label: literal(`${key}: `), type, field: first, json: literal(`,"${field}":`) };
}

function slotOf(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  const middle = bytes[from + (length >> 1)] as number;
  return (length * 29 + (bytes[from] as number) * 5 + middle * 7 + (bytes[to - 1] as number) * 13) & (SLOTS - 1);
}

/** The key that stands at [from, to), if it is one that becomes a field. */
export function findSlowLogKey(bytes: Uint8Array, from: number, to: number): SlowLogKey | undefined {
  for (let slot = slotOf(bytes, from, to); ; slot = (slot + 1) % SLOTS) {
    const entry = table[slot];
    if (entry === undefined || isEqual(entry.key, bytes, from, to)) return entry;
  }
}

function isEqual(key: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (key.length !== to - from) return false;
  for (let at = 0; at < key.length; at++) {
    if (key[at] !== bytes[from + at]) return false;
  }
  return true;
}

const TRUE = literal('true');
const FALSE = literal('false');
const QUOTE = 0x22;
const ZERO = 0x30;

/** Writes the field with the value at [from, to); nothing, when the value is not of the field's type. */
export function writeSlowLogField(
  { type, json }: SlowLogKey,
  source: ByteBlock,
  from: number,
  to: number,
  output: NdjsonOutput,
  at: number,
): number {
  const target = output.block.bytes;
  const bytes = source.bytes;
  let next = writeLiteral(json, output.block, at);
  if (type === 'number') {
    next = writeDecimal(bytes, from, to, target, next);
    return next < 0 ? at : next;
  }
  if (type === 'flag') return writeLiteral(bytes[from] === 0x59 ? TRUE : FALSE, output.block, next);
  if (type === 'errno' && to - from === 1 && bytes[from] === ZERO) return at;
  target[next++] = QUOTE;
  next = writeText(source, from, to, output.block, next);
  target[next] = QUOTE;
  return next + 1;
}
