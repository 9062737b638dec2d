import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { contextOf, type LogRecord, parseLog } from './testing/parse-log.ts';
import { findPeer } from './testing/peer.ts';
import { corpusLogs, fleetLogs } from './testing/sample-logs.ts';

interface Difference {
  /** Indexes of its events that are no queries here. */
  readonly missing?: readonly number[];
  /** Indexes, without the missing ones, of events that it reads in another way. */
  readonly differing?: readonly number[];
  readonly why: string;
}

/** Where pt-query-digest 3.2 sees something else, each looked up in the log by hand. */
const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'percona-slow019.txt': {
    differing: [0, 2],
    why: 'It prints 0 rows for administrator commands; the log says 5 and 3, 9 and 2.',
  },
  'percona-slow041.txt': {
    missing: [0],
    why: 'The file begins with the last line of an entry whose header is lost: an event without times there, raw here.',
  },
  'percona-slow045.txt': {
    differing: [0, 1],
    why: 'One blank instead of two between @ and the address: it finds no user and no host.',
  },
  'aurora-mysql-slowquery.log': {
    differing: [1, 2, 3, 4, 5],
    why: 'One blank instead of two between @ and the address: it finds no user and no host.',
  },
};

const logs = [...fleetLogs(/mysql-slowquery\.log/), ...corpusLogs(/mysql-slow\/|mysql-slowquery/)];
const ptQueryDigest = findPeer('pt-query-digest', 'percona-toolkit');

describe('slow logs agree with pt-query-digest in number, users, hosts, times and rows', () => {
  test('on the logs of the sample fleet at least', () => {
    expect(logs.length).toBeGreaterThan(10);
  });

  (ptQueryDigest ? test : test.skip).each(logs.map(({ name, path }) => [name, path]))('%s', (name, path) => {
    const { missing = [], differing = [] } = DIFFERENCES[name] ?? { why: '' };
    const output = ptQueryDigest?.(['--type', 'slowlog', '--no-report', '--output', 'slowlog', path]) ?? '';
    const theirs = queriesOf(output).filter((_query, index) => !missing.includes(index));
    const records = parseLog(readFileSync(path), contextOf('slowquery'));
    const ours = records.filter((record) => !('parse_reason' in record)).map(queryOf);
    expect(ours).toHaveLength(theirs.length);
    const differ = ours.flatMap((query, index) => (query === theirs[index] ? [] : [index]));
    expect(differ).toEqual(differing);
  });
});

/** One line per event of the slow log that pt-query-digest writes. */
function queriesOf(output: string): string[] {
  const queries: string[] = [];
  let who = ['', ''];
  for (const line of output.split('\n')) {
    const user = /^# User@Host: \[?([^[\]]*)\]?\[.*\] @ (\S*) \[\]$/.exec(line);
    if (user) who = [user[1] ?? '', user[2] ?? ''];
    const times = /^# Query_time: (\S+) {2}Lock_time: (\S+) {2}Rows_sent: (\d+) {2}Rows_examined: (\d+)$/.exec(line);
    if (!times) continue;
    queries.push([...who, ...times.slice(1)].join(' | '));
    who = ['', ''];
  }
  return queries;
}

/** The same line for a record. Where there is no host, pt-query-digest gives the address. */
function queryOf(record: LogRecord): string {
  const times = [record['query_time'] ?? 0, record['lock_time'] ?? 0].map((seconds) => Number(seconds).toFixed(6));
  const who = [record['user_name'] ?? '', record['client_host'] ?? record['client_address'] ?? ''];
  return [...who, ...times, record['rows_sent'] ?? 0, record['rows_examined'] ?? 0].join(' | ');
}
