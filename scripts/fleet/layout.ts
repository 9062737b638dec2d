import { closeSync, mkdirSync, openSync, utimesSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogKind } from '../../apps/shared/log-file.ts';
import { seedOf } from './random.ts';
import type { LogRewriter } from './rewrite.ts';
import { createClock, linesOf, loggedSeconds, type Stretch } from './timeline.ts';

const HOUR_MS = 3_600_000;
const FLUSH_CHARACTERS = 1 << 20;

/** The name, as RDS shows it, of the file that takes a record; `hour` began at that millisecond, `last` is still active. */
export type NameFile = (hour: number, last: boolean, record: string) => string;

function renamedAtRotation(active: string): NameFile {
  return (hour, last) => (last ? active : `${active}.${stamp(hour).slice(0, 10)}.${stamp(hour).slice(11, 13)}`);
}

/** How Aurora names the files of each kind. */
export const FILE_NAMES: Readonly<Record<Exclude<LogKind, 'other'>, NameFile>> = {
  slowquery: renamedAtRotation('slowquery/mysql-slowquery.log'),
  general: renamedAtRotation('general/mysql-general.log'),
  error: renamedAtRotation('error/mysql-error-running.log'),
  postgresql: (hour) => `error/postgresql.log.${stamp(hour).slice(0, 13)}00`.replace('T', '-'),
  // Four files take turns, by connection: entries of one second are spread over them.
  audit: (hour, _last, record) => {
    const stripe = seedOf('stripe', record.split(',', 5)[4] ?? '') % 4;
    return `audit/audit.log.${stripe}.${stamp(hour).slice(0, 13).replace('T', '-')}-00.0`;
  },
};

function stamp(hour: number): string {
  return new Date(hour).toISOString();
}

/** A server's log, of which the first `bytes` count. */
export interface WrittenLog {
  readonly path: string;
  readonly bytes: number;
}

/** Rewrites a log into the hourly files of an instance's folder; gives each the time of its last record. */
export function layOut(
  log: WrittenLog,
  folder: string,
  rewriter: LogRewriter,
  stretch: Stretch,
  nameFile: NameFile,
): void {
  const clock = createClock(loggedSeconds(linesOf(log.path, log.bytes), rewriter.timeOf), stretch, rewriter.bursts);
  const lastHour = hourOf((stretch.told.to - 1) * 1000);
  const writers = new Map<string, ReturnType<typeof createWriter>>();
  let current: ReturnType<typeof createWriter> | undefined;
  let hour = 0;
  let offset = 0;
  for (const line of linesOf(log.path, log.bytes)) {
    const micros = clock(offset);
    offset += line.length;
    const text = rewriter.rewrite(line, micros);
    if (text === '') continue;
    if (!current || rewriter.startsRecord(text)) {
      if (hourOf(micros) !== hour) {
        hour = hourOf(micros);
        for (const writer of writers.values()) writer.close();
        writers.clear();
      }
      const name = nameFile(hour, hour === lastHour, text);
      current = writers.get(name) ?? createWriter(join(folder, name), rewriter.head);
      writers.set(name, current);
    }
    current.write(text, micros);
  }
  for (const writer of writers.values()) writer.close();
}

function hourOf(micros: number): number {
  return Math.floor(micros / 1000 / HOUR_MS) * HOUR_MS;
}

function createWriter(path: string, head: string) {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  let waiting = head;
  let lastMicros = 0;
  const flush = () => {
    writeSync(file, Buffer.from(waiting, 'latin1'));
    waiting = '';
  };
  return {
    write: (text: string, micros: number) => {
      waiting += text;
      lastMicros = micros;
      if (waiting.length >= FLUSH_CHARACTERS) flush();
    },
    close: () => {
      flush();
      closeSync(file);
      utimesSync(path, lastMicros / 1e6, lastMicros / 1e6);
    },
  };
}
