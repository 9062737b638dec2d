/** What a log file is for. Names of streams, keys and tables are made from these words. */
export const LOG_KINDS = ['slowquery', 'error', 'general', 'audit', 'postgresql', 'other'] as const;
export type LogKind = (typeof LOG_KINDS)[number];

export type DbSystem = 'mysql' | 'postgresql';

/** One Aurora instance, as DescribeDBInstances and DescribeDBClusters know it. */
export interface DbInstance {
  readonly accountId: string;
  readonly region: string;
  /** DbiResourceId: survives a rename, differs after a re-creation. The identity of an instance everywhere. */
  readonly resourceId: string;
  /** DBInstanceIdentifier: what the log API is asked with; can be renamed and reused. */
  readonly instanceId: string;
  readonly clusterId: string;
  /** RDS engine name, such as `aurora-mysql`. */
  readonly engine: string;
  /** DBInstanceStatus, such as `available`. */
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** One row of DescribeDBLogFiles. */
export interface ListedFile {
  /** As RDS shows it, with its folder: `slowquery/mysql-slowquery.log`. */
  readonly name: string;
  /** Bytes when listed: stale and approximate by nature. */
  readonly size: number;
  /** Milliseconds since 1970, by the clock of RDS. */
  readonly lastWritten: number;
}

/** The series of generations that one kind of log of one instance makes; the unit of order and of work. */
export interface LogSeries {
  readonly accountId: string;
  readonly region: string;
  readonly resourceId: string;
  readonly kind: LogKind;
}

/** One physical log file between its creation and its deletion, whatever names it had. */
export interface GenerationId extends LogSeries {
  /** Dense from 1 within the series. */
  readonly seq: number;
}

/** One string per series, to use as a key in memory and in logs. */
export function seriesKey(series: LogSeries): string {
  return `${series.accountId}/${series.region}/${series.resourceId}/${series.kind}`;
}

/** `db_system_name` of an RDS engine: `aurora-postgresql`, `postgres` are postgresql, all else is mysql. */
export function dbSystem(engine: string): DbSystem {
  return engine.includes('postgres') ? 'postgresql' : 'mysql';
}

/**
 * The kind of a log file, from its name as RDS shows it.
 * Names: Amazon Aurora User Guide, "Monitoring Amazon Aurora log files".
 */
export function logKind(fileName: string): LogKind {
  if (fileName.startsWith('slowquery/')) return 'slowquery';
  if (fileName.startsWith('general/')) return 'general';
  if (fileName.startsWith('audit/')) return 'audit';
  if (/^error\/postgres(ql)?\.log/.test(fileName)) return 'postgresql';
  if (fileName.startsWith('error/')) return 'error';
  return 'other';
}

/**
 * Whether the name belongs to one physical file for life, so that it never has to be matched by content again: Aurora
 * puts the date into the names of PostgreSQL logs, of audit stripes and of rotated MySQL logs. All other names
 * (the active MySQL logs, numbered audit logs) can stand for another file at any moment.
 */
export function isNameForLife(fileName: string): boolean {
  return /\d{4}-\d{2}-\d{2}/.test(fileName);
}

/**
 * The active name that a rotated MySQL log had before: files of one family are renamed into each other, others never.
 * `slowquery/mysql-slowquery.log.2026-11-21.02` and `audit/server_audit.log.3` lose their suffix; any other name is its own.
 */
export function nameFamily(fileName: string): string {
  return isRotatedName(fileName) ? fileName.slice(0, fileName.lastIndexOf('.log.') + 4) : fileName;
}

/** Whether the name is one that a MySQL log gets when its writer has moved on, so that RDS will not append to it. */
export function isRotatedName(fileName: string): boolean {
  return /\/mysql-[a-z-]+\.log\.\S+$/.test(fileName) || /^audit\/server_audit\.log\.\d+$/.test(fileName);
}

/** Whether the name tells that the file's writer has moved on or will: only such files are ever closed. */
export function isFinalName(fileName: string): boolean {
  return isNameForLife(fileName) || isRotatedName(fileName);
}

/** The kinds of log that an engine can write. */
export function kindsOf(system: DbSystem): readonly LogKind[] {
  return system === 'postgresql' ? ['postgresql', 'other'] : ['slowquery', 'error', 'general', 'audit', 'other'];
}
