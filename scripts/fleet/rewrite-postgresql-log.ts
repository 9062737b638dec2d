import { clientAddress, clientPort, type LogRewriter } from './rewrite.ts';
import { isoMicros } from './timeline.ts';

const ENTRY = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC:(\[local\])?:(.*?@.*?):\[(\d+)\]:(\w+): {2}([\s\S]*)$/;
const SECONDARY = new Set(['DETAIL', 'HINT', 'CONTEXT', 'STATEMENT', 'QUERY', 'LOCATION', 'BACKTRACE']);

/**
 * A PostgreSQL stderr log with Aurora's prefix (`%t:%r:%u@%d:[%p]:`). Rewritten: the time, the client's address and
 * port, folders, the server's version. All else is what the server wrote.
 */
export function postgresqlLogRewriter(folder: string): LogRewriter {
  let primaryTime = '';
  const told = (text: string, pid: string) =>
    text
      .replace(
        /^connection received: host=\[local\]/,
        `connection received: host=${address(pid)} port=${clientPort(pid)}`,
      )
      .replace(/^(disconnection: .*) host=\[local\]/, `$1 host=${address(pid)} port=${clientPort(pid)}`)
      .replace(/^(database system was shut down at ).*\n$/, `$1${primaryTime} UTC\n`)
      .replace(/^starting PostgreSQL (\d+\.\d+).*\n$/, 'starting PostgreSQL $1 on aarch64-unknown-linux-gnu\n')
      .replaceAll(folder, '/rdsdbdata');
  return {
    head: '',
    bursts: false,
    timeOf: (line) => {
      const entry = ENTRY.exec(line);
      return entry ? Date.parse(`${entry[1]}T${entry[2]}Z`) / 1000 : undefined;
    },
    startsRecord: (text) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC:/.test(text) && !SECONDARY.has(levelOf(text)),
    rewrite: (line, micros) => {
      const entry = ENTRY.exec(line);
      if (!entry) return line.replaceAll(folder, '/rdsdbdata');
      const [, , , local, who = '', pid = '', level = '', text = ''] = entry;
      if (!SECONDARY.has(level)) primaryTime = isoMicros(micros).slice(0, 19).replace('T', ' ');
      const client = local ? `${address(pid)}(${clientPort(pid)})` : '';
      return `${primaryTime} UTC:${client}:${who}:[${pid}]:${level}:  ${told(text, pid)}`;
    },
  };
}

/** A process tells nothing of its user before it is authorised, so its address hangs on its id alone. */
function address(pid: string): string {
  return clientAddress(`client ${Number(pid) % 5}`, pid);
}

function levelOf(text: string): string {
  return /:\[\d+\]:(\w+): {2}/.exec(text)?.[1] ?? '';
}
