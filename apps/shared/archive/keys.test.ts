import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GenerationId } from '../log-file.ts';
import * as keys from './keys.ts';

const generation: GenerationId = {
  accountId: '123456789012',
  region: 'eu-west-1',
  resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXY',
  kind: 'slowquery',
  seq: 7,
};
const SERIES = 'v1/123456789012/eu-west-1/db-ABCDEFGHIJKLMNOPQRSTUVWXY/slowquery/';

describe('keys of the archive', () => {
  it('are these, for ever', () => {
    expect(keys.registrationKey(generation)).toBe(`${SERIES}gen/000007`);
    expect(keys.slotKey(generation, 16_777_216)).toBe(`${SERIES}000007/0000000016777216`);
    expect(keys.sealedKey(generation, 0)).toBe(`${SERIES}000007/sealed/0000000000000000`);
    expect(keys.nameKey(generation, 'slowquery/a.log.2026-11-21.02')).toBe(
      `${SERIES}000007/name/slowquery%2Fa.log.2026-11-21.02`,
    );
  });

  it('give back the series and the start that they were made of', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 999_999 }), (start, seq) => {
        const of = { ...generation, seq };
        expect(keys.parseNumber(keys.slotKey(of, start), keys.generationPrefix(of))).toBe(start);
        expect(keys.parseNumber(keys.registrationKey(of), keys.registrationsPrefix(of))).toBe(seq);
        const { seq: _seq, ...series } = of;
        expect(keys.parseSeriesKey(keys.slotKey(of, start))?.series).toEqual(series);
      }),
    );
  });

  it('sort as the starts do, before the names and sealed parts', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(keys.slotKey(generation, low) <= keys.slotKey(generation, high)).toBe(true);
        expect(keys.slotKey(generation, high) < keys.namesPrefix(generation)).toBe(true);
      }),
    );
  });

  it('are different for different names, and one path component below the folder of names, whatever the name', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('.', '/') }),
    );
    fc.assert(
      fc.property(name, name, (one, other) => {
        const key = keys.nameKey(generation, one);
        expect(posix.dirname(posix.normalize(key))).toBe(posix.normalize(keys.namesPrefix(generation)).slice(0, -1));
        expect(posix.basename(key).length).toBeLessThanOrEqual(200);
        expect(key).toMatch(/^[ -~]+$/);
        expect(keys.nameKey(generation, other) === key).toBe(one === other);
      }),
      { numRuns: 500 },
    );
  });

  it('refuse numbers that do not fit', () => {
    expect(() => keys.slotKey(generation, 2 ** 53)).toThrow(RangeError);
    expect(() => keys.slotKey(generation, -1)).toThrow(RangeError);
    expect(() => keys.registrationKey({ ...generation, seq: 1_000_000 })).toThrow(RangeError);
  });

  it.each([
    '',
    'v1/',
    'v2/a/b/c/error/gen/000001',
    'v1/../b/c/error/gen/000001',
    'v1/a/b/c/unknown/gen/000001',
    '.tmp/x',
  ])('are not %j', (key) => {
    expect(keys.parseSeriesKey(key)).toBeUndefined();
  });
});
