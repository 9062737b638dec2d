import type { LogKind } from './log-file.ts';

const STREAMS = {
  slowquery: 'aurora_mysql_slowquery',
  error: 'aurora_mysql_error',
  general: 'aurora_mysql_general',
  audit: 'aurora_mysql_audit',
  postgresql: 'aurora_postgresql',
  other: 'aurora_other',
} as const satisfies Record<LogKind, string>;

export type RecordStream = (typeof STREAMS)[LogKind];

/** Where the records of a kind are searched: a stream in OpenObserve, a folder of NDJSON files. Kinds tell engines apart. */
export function recordStream(kind: LogKind): RecordStream {
  return STREAMS[kind];
}
