import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { writeDecimal, writeMillisAsSeconds } from './decimal.ts';
import { writeDigits, writeInteger } from './ndjson-output.ts';

type Write = (bytes: Uint8Array, from: number, to: number, target: Uint8Array, at: number) => number;

function written(write: Write, text: string): string | undefined {
  const target = Buffer.alloc(80);
  const end = write(Buffer.from(`9${text}9`), 1, 1 + text.length, target, 2);
  return end < 0 ? undefined : target.toString('latin1', 2, end);
}

const number = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.stringMatching(/^(\.[0-9]{1,9})?$/), fc.nat(3));
const texts = number.map(([whole, fraction, zeros]) => `${'0'.repeat(zeros)}${whole}${fraction}`);

describe('decimal numbers', () => {
  test('are copied digit by digit, as JSON has them', () => {
    fc.assert(fc.property(texts, (text) => expect(JSON.parse(written(writeDecimal, text) ?? '')).toBe(Number(text))));
    expect(written(writeDecimal, '0.000110')).toBe('0.000110');
    expect(written(writeDecimal, '007')).toBe('7');
    expect(written(writeDecimal, '00.5')).toBe('0.5');
    expect(written(writeDecimal, '18446744073709.551615')).toBe('18446744073709.551615');
  });

  test('of milliseconds become seconds', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const seconds = Number(JSON.parse(written(writeMillisAsSeconds, text) ?? ''));
        expect(Math.abs(seconds - Number(text) / 1000)).toBeLessThanOrEqual(Number(text) * 1e-15);
      }),
    );
    expect(written(writeMillisAsSeconds, '0.042')).toBe('0.000042');
    expect(written(writeMillisAsSeconds, '100.50')).toBe('0.10050');
    expect(written(writeMillisAsSeconds, '7000')).toBe('7.000');
  });

  test('are none with anything else in them', () => {
    for (const text of ['', '.', '.5', '5.', '1.2.3', '-1', '1e5', 'NaN', '1 ', '1'.repeat(31)]) {
      expect(written(writeDecimal, text)).toBeUndefined();
      expect(written(writeMillisAsSeconds, text)).toBeUndefined();
    }
  });
});

describe('integers', () => {
  test('are written in decimal up to 2^53 - 1', () => {
    const target = Buffer.alloc(20);
    fc.assert(
      fc.property(
        fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(0, 999_999_999, 1_000_000_000, 2 ** 53 - 1)),
        (value) => {
          expect(target.toString('latin1', 0, writeInteger(value, target, 0))).toBe(String(value));
        },
      ),
    );
    expect(target.toString('latin1', 0, writeDigits(42, 6, target, 0))).toBe('000042');
  });
});
