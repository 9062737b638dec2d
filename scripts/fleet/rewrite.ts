import { seedOf } from './random.ts';
import type { TimeOfLine } from './timeline.ts';

/**
 * Turns one line of a server's log into Aurora's layout. `micros` is the time that the line shall tell. Answers ''
 * for a line that Aurora does not have, or that is told later with its successor. Lines are latin1 text, see `linesOf`.
 */
export type RewriteLine = (line: string, micros: number) => string;

/** How one kind of log is taken from a Debian server to Aurora's layout. */
export interface LogRewriter {
  readonly timeOf: TimeOfLine;
  readonly rewrite: RewriteLine;
  /** Whether rewritten text begins a record, so that a file may end before it. */
  readonly startsRecord: (text: string) => boolean;
  /** Whether the log is silent most of the time and then writes much at once. */
  readonly bursts: boolean;
  /** What stands at the head of each file. */
  readonly head: string;
}

/** What stands at the head of every slow and general log of Aurora MySQL 8. */
export const AURORA_MYSQL_HEAD =
  '/rdsdbbin/oscar/bin/mysqld, Version: 8.0.28 (Source distribution). started with:\n' +
  'Tcp port: 3306  Unix socket: /tmp/mysql.sock\n' +
  'Time                 Id Command    Argument\n';

/**
 * The address of a client, in 10.0.0.0/8 (RFC 1918): the servers were reached by a local socket. A user comes from
 * three hosts; which one, the connection decides. RDS's own user comes from the instance itself.
 */
export function clientAddress(user: string, connection: string | number): string {
  if (user === 'rdsadmin' || user === 'root') return '127.0.0.1';
  const hash = seedOf(user, Number(connection) % 3);
  return `10.0.${1 + (hash % 24)}.${10 + ((hash >>> 8) % 200)}`;
}

/** The port of a connection's client. */
export function clientPort(connection: string | number): number {
  return 32_768 + (seedOf('port', connection) % 28_000);
}

/** `YYMMDD H:MM:SS` in UTC, the old form of MySQL and MariaDB. */
export function secondOfOldTime(time: string): number {
  const [day = '', clock = ''] = time.trim().split(/ +/);
  const date = `20${day.slice(0, 2)}-${day.slice(2, 4)}-${day.slice(4, 6)}`;
  return Date.parse(`${date}T${clock.padStart(8, '0')}Z`) / 1000;
}
