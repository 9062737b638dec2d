import type { Segment } from './generation.ts';

/**
 * The log files of Aurora that follow each other: a series is named by what its file names have in common.
 * Source of the names: Amazon Aurora User Guide, "Monitoring Amazon Aurora log files", and listings seen in the field.
 */
const SERIES: readonly { readonly pattern: RegExp; readonly hasHeader: boolean }[] = [
  { pattern: /^(slowquery\/mysql-slowquery\.log)(\..+)?$/, hasHeader: true },
  { pattern: /^(general\/mysql-general\.log)(\..+)?$/, hasHeader: true },
  { pattern: /^(error\/mysql-error-running\.log)(\..+)?$/, hasHeader: false },
  { pattern: /^(error\/postgresql\.log)(\.[\d-]+)?$/, hasHeader: false },
  { pattern: /^(error\/postgresql\.log)\.[\d-]+(\.csv)$/, hasHeader: false },
  { pattern: /^(audit\/audit\.log\.\d)\..+$/, hasHeader: false },
];

/** How many audit files an Aurora MySQL instance writes at the same time. */
export const AUDIT_STRIPES = 4;

/** The series of a file name; undefined for a file that Aurora does not rotate. */
export function seriesOf(fileName: string): string | undefined {
  const match = SERIES.map(({ pattern }) => pattern.exec(fileName)).find((found) => found !== null);
  return match ? `${match[1]}${match[2] === '.csv' ? '.csv' : ''}` : undefined;
}

/** The name of the file that is written from `time` (ms since 1970) on. */
export function activeName(series: string, time: number): string {
  const [date, hour, minute] = new Date(time).toISOString().split(/[T:]/);
  if (series === 'error/postgresql.log') return `${series}.${date}-${hour}${minute}`;
  if (series === 'error/postgresql.log.csv') return `error/postgresql.log.${date}-${hour}${minute}.csv`;
  if (series.startsWith('audit/')) return `${series}.${date}-${hour}-${minute}.0`;
  return series;
}

/** The name that a file of this segment gets when it is rotated; undefined where it keeps its name. */
export function rotatedName(series: string, { date, hour }: Segment): string | undefined {
  return /\/mysql-/.test(series) ? `${series}.${date}.${String(hour).padStart(2, '0')}` : undefined;
}

/** What the server writes at the top of each file of a series. */
export function defaultHeader(series: string): Buffer {
  const hasHeader = SERIES.some(({ pattern, hasHeader }) => hasHeader && pattern.test(series));
  return Buffer.from(
    hasHeader
      ? '/rdsdbbin/oscar/bin/mysqld, Version: 8.0.39 (Source distribution). started with:\n' +
          'Tcp port: 3306  Unix socket: /tmp/mysql.sock\n' +
          'Time                 Id Command    Argument\n'
      : '',
  );
}
