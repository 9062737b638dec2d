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
 * Whether RDS renames this file at rotation, so that the name can stand for another file at any moment:
 * Aurora MySQL's active slow, general and error logs, and the numbered audit logs of RDS MySQL and MariaDB.
 * Aurora's audit stripes and PostgreSQL's dated files keep their names for life.
 */
export function isRenamedAtRotation(fileName: string): boolean {
  return /\/mysql-[a-z-]+\.log$/.test(fileName) || /^audit\/server_audit\.log(\.\d+)?$/.test(fileName);
}

/** Whether the file has its final name and its writer has moved on, so that RDS will not append to it. */
export function isRotatedName(fileName: string): boolean {
  return /\/mysql-[a-z-]+\.log\.\S+$/.test(fileName) || /^audit\/server_audit\.log\.\d+$/.test(fileName);
}
