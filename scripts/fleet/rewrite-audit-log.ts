import { clientAddress, type LogRewriter } from './rewrite.ts';

const ENTRY = /^(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d),[^,]*,([^,]*),localhost,(\d+),([\s\S]*)$/;

/**
 * A log of MariaDB's server_audit plugin as Aurora MySQL's advanced auditing writes it. Rewritten: the time
 * (microseconds since 1970), the server's host (the instance), the client's host, and 0 where a table event has no
 * return code.
 */
export function auditLogRewriter(instanceId: string): LogRewriter {
  return {
    head: '',
    bursts: false,
    timeOf: (line) => {
      const entry = ENTRY.exec(line);
      return entry ? Date.parse(`${entry[1]}-${entry[2]}-${entry[3]}T${entry[4]}Z`) / 1000 : undefined;
    },
    startsRecord: (text) => /^\d{16},/.test(text),
    rewrite: (line, micros) => {
      const entry = ENTRY.exec(line);
      if (!entry) return line;
      const [, , , , , user = '', connection = '', rest = ''] = entry;
      const host = clientAddress(user, connection);
      const event = rest.endsWith(',\n') ? `${rest.slice(0, -1)}0\n` : rest;
      return `${micros},${instanceId},${user},${host === '127.0.0.1' ? 'localhost' : host},${connection},${event}`;
    },
  };
}
