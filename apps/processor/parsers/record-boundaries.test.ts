import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogKind } from '../../shared/log-file.ts';
import { createRecordParser } from './create-record-parser.ts';
import type { RecordContext } from './record-parser.ts';
import { contextOf, type LogRecord, parseLog, recordsOf } from './testing/parse-log.ts';

const fleet = new URL('../../simulator/sample-fleet/', import.meta.url);
const sample = (name: string, bytes: number) => readFileSync(new URL(name, fleet)).subarray(0, bytes);
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.log`, import.meta.url));

const LOGS: readonly (readonly [string, LogKind, Buffer])[] = [
  ['a slow log written by hand', 'slowquery', fixture('slowquery-aurora')],
  ['a slow log of older servers', 'slowquery', fixture('slowquery-older-servers')],
  ['a PostgreSQL log written by hand', 'postgresql', fixture('postgresql-aurora')],
  ['a slow log of a real server', 'slowquery', sample('checkout-1/slowquery/mysql-slowquery.log', 8_000)],
  ['a PostgreSQL log of a real server', 'postgresql', sample('ledger-1/error/postgresql.log.2026-11-20-2000', 8_000)],
  ['a slow log read as PostgreSQL', 'postgresql', fixture('slowquery-aurora')],
  ['a PostgreSQL log read as slow log', 'slowquery', fixture('postgresql-aurora')],
  ['an error log', 'error', sample('catalog-1/error/mysql-error-running.log.2026-11-20.19', 3_000)],
];

describe.each(LOGS)('%s', (_name, kind, log) => {
  const context = contextOf(kind);
  const whole = parseLog(log, context);

  test('is tiled by its records: each byte belongs to exactly one of them, in order', () => {
    expectTiles(whole, log.length);
  });

  test('gives the same records wherever it is cut in two', () => {
    // A cut every 7 bytes meets each kind of line at each of its places within the log's length.
    const step = log.length > 5000 ? 7 : 1;
    const text = JSON.stringify(whole);
    for (let cut = 0; cut <= log.length; cut += step) {
      const records = JSON.stringify(parseLog(log, context, [cut]));
      if (records !== text) throw new Error(`Cut at ${cut}, the records differ`);
    }
  });

  test('gives the same records in pieces of any sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(parseLog(log, context, cutsOf(sizes, log.length))).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });

  test('goes on from the state at any record boundary', () => {
    fc.assert(
      fc.property(fc.nat(log.length), (stop) => {
        const first = createRecordParser(context, { offset: 0 });
        first.write(log.subarray(0, stop));
        const done = first.take();
        const state = JSON.parse(JSON.stringify(first.state()));
        const rest = parseLog(log.subarray(done.to), context, [], { offset: done.to, state });
        expect([...recordsOf(done), ...rest]).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });
});

describe('any bytes', () => {
  const pieces = fc.array(
    fc
      .oneof(
        fc.constantFrom('# Time: 2026-03-01T00:00:00Z\n', '# User@Host: a[a] @ h []  Id: 1\n', '# Query_time: 1\n'),
        fc.constantFrom(
          'use a;\n',
          'SET timestamp=1;\n',
          'select 1;\n',
          '# administrator command: Quit;\n',
          '\n',
          '\r\n',
          ' \n',
        ),
        fc.constantFrom('/bin/mysqld, Version: 8.0 (S). started with:\n', 'Tcp port: 1\n', 'Time   Id Command\n'),
        fc.constantFrom(
          '2026-03-01 00:00:00 UTC:1.2.3.4(5):u@d:[1]:',
          '2026-03-01 00:00:00.1 GMT [1] ',
          'LOG:  ',
          'DETAIL:  ',
        ),
        fc.constantFrom('duration: 1.5 ms', '  statement: ', 'ERROR:  ', 'text\n', '\t', '"\\', '\u0000', 'ä€😀'),
        fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      )
      .map((piece) => Buffer.from(piece, /[ä€😀]/u.test(piece) && piece.length > 2 ? 'utf8' : 'latin1')),
    { maxLength: 40 },
  );

  test.each<LogKind>(['slowquery', 'postgresql', 'general'])(
    'of kind %s are tiled by valid records, however they are cut',
    (kind) => {
      fc.assert(
        fc.property(
          pieces,
          fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 9 }),
          (parts, sizes) => {
            const log = Buffer.concat(parts);
            const context = contextOf(kind);
            const whole = parseLog(log, context);
            expectTiles(whole, log.length);
            expect(parseLog(log, context, cutsOf(sizes, log.length))).toEqual(whole);
          },
        ),
        { numRuns: 400 },
      );
    },
  );
});

test('identifies each record by resource, kind, generation and offset, and says what it was parsed from', () => {
  const context: RecordContext = { ...contextOf('slowquery'), fileName: 'slowquery/a "b"\\c.log', clusterId: '' };
  const [, record] = parseLog(fixture('slowquery-aurora'), context);
  expect(record).toMatchObject({
    record_id: 'db-ORDERS1:slowquery:7:170',
    cloud_account_id: '123456789012',
    cloud_region: 'eu-west-1',
    db_system_name: 'mysql',
    db_instance: 'orders-1',
    db_resource_id: 'db-ORDERS1',
    log_type: 'slowquery',
    log_file: 'slowquery/a "b"\\c.log',
    log_generation: 7,
    parser_version: '1',
  });
  expect(record).not.toHaveProperty('db_cluster');
});

function expectTiles(records: readonly LogRecord[], length: number): void {
  let offset = 0;
  for (const record of records) {
    expect(record['log_offset']).toBe(offset);
    offset += record['log_length'] as number;
  }
  expect(offset).toBe(length);
}

/** Where pieces end whose sizes are those given, again and again. */
function cutsOf(sizes: readonly number[], length: number): number[] {
  const cuts: number[] = [];
  let at = 0;
  for (let index = 0; at < length && cuts.length < 5000; index++) {
    at += sizes[index % sizes.length] ?? 0;
    if (at < length) cuts.push(at);
    if (index % sizes.length === sizes.length - 1 && sizes.every((size) => size === 0)) break;
  }
  return cuts;
}
