import { AURORA_MYSQL_HEAD, clientAddress, type LogRewriter, secondOfOldTime } from './rewrite.ts';
import { isoMicros } from './timeline.ts';

const USER_HOST = /^# User@Host: (.*)\[.*?\] @ .*\n$/;
const THREAD = /^# Thread_id: (\d+) /;
const QUERY_TIME = /^# (Query_time: (\S+) .*Lock_time: .*?\S) +(Rows_sent: .*\n)$/;

/**
 * A MariaDB slow log in the layout of Aurora MySQL 8. Rewritten: `# Time:` (one for each record, with microseconds),
 * the host, the thread id (on the line of the user), blanks between the numbers, `use` without back-quotes,
 * `SET timestamp` (when the statement began). Left out: MariaDB's own fields, and its head.
 */
export function slowLogRewriter(): LogRewriter {
  let user = '';
  let began = 0;
  let inHeader = false;
  return {
    head: AURORA_MYSQL_HEAD,
    bursts: false,
    timeOf: (line) => (/^# Time: \d{6} /.test(line) ? secondOfOldTime(line.slice(8)) : undefined),
    startsRecord: (text) => text.startsWith('# Time: '),
    rewrite: (line, micros) => {
      if (/^# Time: \d{6} /.test(line) || isHead(line)) return '';
      const nextUser = USER_HOST.exec(line)?.[1];
      if (nextUser !== undefined) {
        user = nextUser;
        inHeader = true;
        return '';
      }
      if (!inHeader) return line;
      const queryTime = QUERY_TIME.exec(line)?.[2];
      if (queryTime) began = Math.floor(micros / 1e6 - Number(queryTime));
      inHeader = line.startsWith('# ') || line.startsWith('use `');
      if (inHeader) return headerLine(line, user, micros);
      return line.startsWith('SET timestamp=') ? `SET timestamp=${began};\n` : line;
    },
  };
}

function headerLine(line: string, user: string, micros: number): string {
  const thread = THREAD.exec(line)?.[1];
  if (thread) {
    const host = clientAddress(user, thread);
    const name = host === '127.0.0.1' ? 'localhost' : '';
    return `# Time: ${isoMicros(micros)}\n# User@Host: ${user}[${user}] @ ${name} [${host}]  Id: ${thread.padStart(5)}\n`;
  }
  const times = QUERY_TIME.exec(line);
  if (times) return `# ${times[1]} ${times[3]}`;
  if (line.startsWith('use `')) return line.replaceAll('`', '');
  return line.startsWith('# administrator command: ') ? line : '';
}

/** MariaDB's own three lines at the start of a slow or general log. */
export function isHead(line: string): boolean {
  return /^\S*mariadbd, Version: |^Tcp port: \d+ {2}Unix socket: |^Time\t\t/.test(line);
}
