import { clientAddress, type LogRewriter, secondOfOldTime } from './rewrite.ts';
import { isoMicros } from './timeline.ts';

const ENTRY = /^(\d{4}-\d\d-\d\d) +(\d+:\d\d:\d\d) (\d+) \[(\w+)\] (.*\n)$/;
const OLD_TIME = /\d{6} [ \d]\d:\d\d:\d\d/g;
const PLUGIN = /^\d{6} [ \d]\d:\d\d:\d\d server_audit: /;
/** What tells of MariaDB, Debian or this machine, and would not stand in Aurora's log. */
const FOREIGN =
  /MariaDB|mariadbd|Debian|Master_info|io_uring|AVX|PAUSE|skip-name-resolve|^Version: |Zerofilling|liburing/;

/** Message codes of MySQL 8 for what MariaDB says without one; MY-010000 where this table has none. */
const CODES: readonly (readonly [RegExp, string, string])[] = [
  [/^InnoDB: Transactions deadlock/, 'MY-012468', 'InnoDB'],
  [/^InnoDB: /, 'MY-011825', 'InnoDB'],
  [/^Aborted connection/, 'MY-010914', 'Server'],
  [/^Access denied/, 'MY-010926', 'Server'],
  [/^Plugin /, 'MY-010747', 'Server'],
];

/**
 * A MariaDB error log in the layout of Aurora MySQL 8. Rewritten: the time (with microseconds), a message code and
 * subsystem, the client's host, folders. Left out: lines that tell of MariaDB or of the machine.
 */
export function mysqlErrorLogRewriter(folder: string): LogRewriter {
  return {
    head: '',
    bursts: true,
    timeOf: (line) => {
      const entry = ENTRY.exec(line);
      return entry ? Date.parse(`${entry[1]}T${entry[2]?.padStart(8, '0')}Z`) / 1000 : pluginTime(line);
    },
    startsRecord: (text) => /^\d{4}-\d\d-\d\dT|^\d{6} /.test(text),
    rewrite: (source, micros) => {
      const line = source.replace(/^MariaDB thread id/, 'MySQL thread id');
      if (FOREIGN.test(line)) return '';
      const entry = ENTRY.exec(line);
      const told = entry ? message(entry, micros) : line;
      return told.replaceAll(folder, '/rdsdbdata').replaceAll(OLD_TIME, oldTime(micros));
    },
  };
}

function message([, , , thread = '0', level, text = '']: RegExpExecArray, micros: number): string {
  const [, code, subsystem] = CODES.find(([pattern]) => pattern.test(text)) ?? [/^/, 'MY-010000', 'Server'];
  const told = text
    .replace(/^InnoDB: /, '')
    .replace(/'([^']*)'@'localhost'/, (_, user) => `'${user}'@'${clientAddress(user, thread)}'`)
    .replace(
      /user: '([^']*)' host: 'localhost'/,
      (_, user) => `user: '${user}' host: '${clientAddress(user, thread)}'`,
    );
  return `${isoMicros(micros)} ${thread} [${level}] [${code}] [${subsystem}] ${told}`;
}

function pluginTime(line: string): number | undefined {
  return PLUGIN.test(line) ? secondOfOldTime(line.slice(0, 15)) : undefined;
}

function oldTime(micros: number): string {
  const iso = isoMicros(micros);
  return `${iso.slice(2, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 19).replace(/^0/, ' ')}`;
}
