import { AURORA_MYSQL_HEAD, clientAddress, type LogRewriter, secondOfOldTime } from './rewrite.ts';
import { isHead } from './rewrite-slow-log.ts';
import { isoMicros } from './timeline.ts';

const COMMANDS =
  'Query|Connect|Quit|Init DB|Prepare|Execute|Reset stmt|Close stmt|Statistics|Ping|Field List|Change user';
const ENTRY = new RegExp(`^(?:\\d{6} [ \\d]\\d:\\d\\d:\\d\\d|\\t)\\t *(\\d+) (${COMMANDS})\\t(.*)\\n$`);

/**
 * A MariaDB general log in the layout of Aurora MySQL 8. Rewritten: the time (for each entry, with microseconds) and
 * the client's host in what is said of connections. Left out: MariaDB's head.
 */
export function generalLogRewriter(): LogRewriter {
  return {
    head: AURORA_MYSQL_HEAD,
    bursts: false,
    timeOf: (line) => (/^\d{6} [ \d]\d:\d\d:\d\d\t/.test(line) ? secondOfOldTime(line.slice(0, 15)) : undefined),
    startsRecord: (text) => /^\d{4}-\d\d-\d\dT/.test(text),
    rewrite: (line, micros) => {
      if (isHead(line)) return '';
      const entry = ENTRY.exec(line);
      if (!entry) return line;
      const [, id = '', command = '', argument = ''] = entry;
      const told = command === 'Connect' ? connection(argument, id) : argument;
      return `${isoMicros(micros)}\t${id.padStart(5)} ${command}\t${told}\n`;
    },
  };
}

function connection(argument: string, id: string): string {
  return argument
    .replace(/^(.*)@localhost( on .*) using Socket$/, (_, user, database) => {
      return `${user}@${clientAddress(user, id)}${database} using SSL/TLS`;
    })
    .replace(
      /^(Access denied for user '(.*)'@)'localhost'/,
      (_, start, user) => `${start}'${clientAddress(user, id)}'`,
    );
}
