import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRecordParser } from './create-record-parser.ts';
import { LINE_HEAD_BYTES, UNPARSED_RECORD_BYTES } from './record-format.ts';
import { MAX_RECORD_BYTES } from './record-parser.ts';
import { contextOf, parseLog, recordsOf } from './testing/parse-log.ts';

const HEADER = '# Time: 2026-03-01T00:00:00.000000Z\n# User@Host: a[a] @ h []  Id: 1\n# Query_time: 1 Rows_sent: 2\n';
const MIB = 1024 * 1024;

describe('a record over the limit', () => {
  test('is cut, says so, has its exact length, and the record after it is whole', () => {
    const statement = `select '${'x'.repeat(5 * MIB)}';\n`;
    const log = Buffer.from(`${HEADER}${statement}${HEADER}select 2;\n`);
    for (const cuts of [[], [100, 3 * MIB, 3 * MIB + 1], everyCut(log.length, 10_000)]) {
      const [long, next, ...others] = parseLog(log, contextOf('slowquery'), cuts);
      expect(others).toEqual([]);
      expect(long).toMatchObject({ truncated: true, rows_sent: 2, log_offset: 0 });
      expect(long?.['log_length']).toBe(HEADER.length + statement.length);
      expect(String(long?.['db_query_text'])).toHaveLength(MAX_RECORD_BYTES - HEADER.length);
      expect(next).toMatchObject({ log_offset: HEADER.length + statement.length, db_query_text: 'select 2' });
      expect(next).not.toHaveProperty('truncated');
    }
  });

  test('is not cut in the middle of a character', () => {
    for (const character of ['ä', '€', '😀']) {
      for (let shift = 0; shift < 4; shift++) {
        const text = 'x'.repeat(shift) + character.repeat(600_000);
        const [record] = parseLog(Buffer.from(text), contextOf('other'));
        expect(record).toMatchObject({ truncated: true, log_length: Buffer.byteLength(text) });
        expect(text.startsWith(String(record?.['body']))).toBe(true);
        expect(MAX_RECORD_BYTES - Buffer.byteLength(String(record?.['body']))).toBeLessThan(4);
      }
    }
  });

  test('begins and ends exactly at the limit without being cut', () => {
    const text = 'x'.repeat(MAX_RECORD_BYTES - 1);
    expect(parseLog(Buffer.from(`${text}\n`), contextOf('other'))[0]).not.toHaveProperty('truncated');
    expect(parseLog(Buffer.from(`${text}y\n`), contextOf('other'))[0]).toMatchObject({ truncated: true });
  });

  test('ends where the next begins, however the bytes around the dropped ones are cut', () => {
    const tail = ';\r\n# Query_time: 3\nselect 3;\n';
    const log = Buffer.from(`${HEADER}select '${'x'.repeat(MIB + 300)}'${tail}`);
    const whole = parseLog(log, contextOf('slowquery'));
    expect(whole).toHaveLength(2);
    for (let cut = log.length - tail.length - 4; cut < log.length; cut++) {
      const others = [cut - 3, cut - 1, cut];
      expect(parseLog(log, contextOf('slowquery'), others)).toEqual(whole);
    }
  });
});

describe('memory', () => {
  test('does not grow with a line that never ends, nor with a file that fits no format', () => {
    for (const [kind, text] of [
      ['slowquery', 'x'.repeat(MIB)],
      ['postgresql', `\t${'y '.repeat(MIB / 2)}`],
      ['postgresql', 'no prefix at all\n'.repeat(2_000)],
      ['slowquery', 'no header at all\n'.repeat(60_000)],
    ] as const) {
      const parser = createRecordParser(contextOf(kind), { offset: 0 });
      const chunk = Buffer.from(text);
      let largest = 0;
      const before = process.memoryUsage().arrayBuffers;
      for (let written = 0; written < 24; written++) {
        parser.write(chunk);
        largest = Math.max(largest, process.memoryUsage().arrayBuffers - before);
        parser.take();
      }
      expect(largest).toBeLessThan(48 * MIB);
    }
  });

  test('text without any prefix becomes a raw record per line', () => {
    const records = parseLog(Buffer.from('one\ntwo\n\tthree\nfour'), contextOf('postgresql'));
    expect(records.map(({ body, parse_reason }) => [body, parse_reason])).toEqual([
      ['one', 'prefix_mismatch'],
      ['two\n\tthree', 'prefix_mismatch'],
      ['four', 'prefix_mismatch'],
    ]);
  });

  test('lines without a prefix continue a message up to the limit only', () => {
    const line = `${'z'.repeat(99)}\n`;
    const message = '2026-03-01 00:00:00 UTC::@:[1]:LOG:  first\n';
    const lines = 2 * (UNPARSED_RECORD_BYTES / line.length);
    const records = parseLog(Buffer.from(message + line.repeat(lines)), contextOf('postgresql'));
    expect(records[0]).toMatchObject({ severity_text: 'LOG' });
    expect(records[0]?.['log_length']).toBeLessThan(UNPARSED_RECORD_BYTES + line.length);
    expect(records.slice(1).every((record) => record['log_length'] === line.length)).toBe(true);
    expect(records.length).toBeGreaterThan(lines / 3);
  });

  test('text without a header becomes raw records of limited size', () => {
    const records = parseLog(Buffer.from('some text\n'.repeat(20_000)), contextOf('slowquery'));
    expect(records).toHaveLength(Math.ceil(200_000 / UNPARSED_RECORD_BYTES));
    expect(records.every((record) => record['parse_reason'] === 'no_header')).toBe(true);
  });

  test('only the head of a line decides where a record begins', () => {
    const user = 'u'.repeat(LINE_HEAD_BYTES);
    const line = `2026-03-01 00:00:00 UTC::${user}@d:[1]:LOG:  far\n`;
    const [record] = parseLog(Buffer.from(line), contextOf('postgresql'));
    expect(record).toMatchObject({ parse_reason: 'prefix_mismatch' });
  });

  test('more records than one batch holds come out of one write', () => {
    const parser = createRecordParser(contextOf('other'), { offset: 0 });
    parser.write(Buffer.from('a\n'.repeat(10_001)));
    const taken = parser.take();
    expect(taken).toMatchObject({ from: 0, to: 20_000, records: 10_000, rawRecords: 10_000 });
    expect(recordsOf(taken)).toHaveLength(10_000);
  });
});

describe('text that is not UTF-8', () => {
  test('is repaired as the WHATWG encoding standard says, and the rest is kept byte for byte', () => {
    const line = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10)));
    fc.assert(
      fc.property(line, (text) => {
        const [record] = parseLog(Buffer.concat([Buffer.from('<'), text, Buffer.from('>')]), contextOf('other'));
        expect(record?.['body']).toBe(`<${new TextDecoder().decode(text)}>`.replace(/^<\uFEFF/u, '<'));
      }),
      { numRuns: 500 },
    );
  });
});

function everyCut(length: number, step: number): number[] {
  return Array.from({ length: Math.floor(length / step) }, (_, index) => (index + 1) * step);
}
