import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { contextOf, type LogRecord, parseLog } from './testing/parse-log.ts';
import { findPeer } from './testing/peer.ts';
import { corpusLogs, fleetLogs } from './testing/sample-logs.ts';

const AURORA_PREFIX = '%t:%r:%u@%d:[%p]:';
const PREFIXES: Readonly<Record<string, string>> = {
  'pgbadger-light.postgres.log.bz2': '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ',
  'pgbadger-multiline_param.log': '%m [%p] user=%u,db=%d ',
};

/** What pgbadger 12 counts less of, each looked up in the log by hand. */
const DIFFERENCES: Readonly<Record<string, { readonly uncounted: Readonly<Record<string, number>>; why: string }>> = {
  'aurora-postgresql-stderr.log': {
    uncounted: { LOG: 2 },
    why: "Two of Aurora's own lines have another prefix than the rest of the file; pgbadger knows one per run.",
  },
};

/** Fields that come from a line of their own after a message. */
const ADDITIONS = { DETAIL: 'detail', HINT: 'hint', CONTEXT: 'context' } as const;

const logs = [
  ...fleetLogs(/postgresql\.log\.\S+-2000$/),
  ...corpusLogs(/postgres\/.*(light|multiline)|postgresql-stderr/),
];
const pgbadger = findPeer('pgbadger', 'pgbadger');

describe("PostgreSQL logs agree with pgbadger's counts by level", () => {
  test('on the logs of the sample fleet at least', () => {
    expect(logs.length).toBeGreaterThan(2);
  });

  (pgbadger ? test : test.skip).each(logs.map(({ name, path }) => [name, path]))('%s', (name, path) => {
    const prefix = PREFIXES[name] ?? AURORA_PREFIX;
    const expected = levelsOf(path, prefix);
    for (const [level, count] of Object.entries(DIFFERENCES[name]?.uncounted ?? {})) {
      expected[level] = (expected[level] ?? 0) + count;
    }
    const log = name.endsWith('.bz2') ? spawnSync('bzcat', [path]).stdout : readFileSync(path);
    const records = parseLog(log, contextOf('postgresql', prefix));
    expect(records.filter((record) => 'parse_reason' in record)).toEqual([]);
    expect(countLevels(records)).toEqual(expected);
  });
});

function levelsOf(path: string, prefix: string): Record<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-pgbadger-'));
  try {
    const report = join(folder, 'report.json');
    pgbadger?.(['--quiet', '--format', 'stderr', '--prefix', prefix, '--extension', 'json', '--outfile', report, path]);
    const { logs_type: byDatabase } = JSON.parse(readFileSync(report, 'utf8'));
    const levels: Record<string, number> = {};
    for (const counts of Object.values<Record<string, number>>(byDatabase)) {
      for (const [level, count] of Object.entries(counts)) if (count > 0) levels[level] = (levels[level] ?? 0) + count;
    }
    return levels;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** pgbadger counts DETAIL, HINT, CONTEXT and STATEMENT as levels of their own. */
function countLevels(records: readonly LogRecord[]): Record<string, number> {
  const levels: Record<string, number> = {};
  const count = (level: string) => {
    levels[level] = (levels[level] ?? 0) + 1;
  };
  for (const record of records) {
    const severity = String(record['severity_text']);
    if (!(severity in ADDITIONS) && severity !== 'STATEMENT') count(severity);
    for (const [level, field] of Object.entries(ADDITIONS)) if (field in record) count(level);
    // A statement inside a message leaves its label, such as `statement:`, at the end of the body.
    if ('db_query_text' in record && !String(record['body']).endsWith(':')) count('STATEMENT');
  }
  return levels;
}
