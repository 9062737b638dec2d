import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { LogKind } from '../../shared/log-file.ts';
import { contextOf, ownFields, parseLog } from './testing/parse-log.ts';

/** Logs written by hand, and what they must become, checked by hand. */
const PAIRS: readonly (readonly [name: string, kind: LogKind])[] = [
  ['slowquery-aurora', 'slowquery'],
  ['slowquery-older-servers', 'slowquery'],
  ['postgresql-aurora', 'postgresql'],
];

describe.each(PAIRS)('%s', (name, kind) => {
  const log = readFileSync(new URL(`fixtures/${name}.log`, import.meta.url));
  const expected = JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));

  test('becomes the records beside it', () => {
    expect(parseLog(log, contextOf(kind)).map(ownFields)).toEqual(expected);
  });

  test('becomes the same records with Windows line ends, but for lengths and line ends inside a text', () => {
    const windows = Buffer.from(log.toString().replaceAll('\n', '\r\n'));
    const records = parseLog(windows, contextOf(kind)).map(ownFields);
    expect(withoutLineEnds(records)).toEqual(withoutLineEnds(expected));
  });
});

function withoutLineEnds(records: readonly Record<string, unknown>[]): unknown {
  return records.map(({ log_offset: _offset, log_length: _length, ...fields }) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replaceAll('\r', '') : value,
      ]),
    ),
  );
}
