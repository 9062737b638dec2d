import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instanceType, PRICES, priceFileSchema, priceOf, usdFor } from './price-book.ts';

describe('the price file', () => {
  test('refuses an entry whose source it does not describe', () => {
    const wrong = structuredClone(PRICES);
    Object.assign(wrong.prices['ebs.gp3'] ?? {}, { source: 'HEARSAY' });
    expect(priceFileSchema.safeParse(wrong).success).toBe(false);
  });

  test('refuses a price that is neither flat nor in bands', () => {
    const wrong = structuredClone(PRICES);
    delete wrong.prices['ebs.gp3']?.usd;
    expect(priceFileSchema.safeParse(wrong).success).toBe(false);
  });

  test('has no price for what it does not know, not even zero', () => {
    expect(() => priceOf('s3.free-lunch')).toThrow('no price "s3.free-lunch"');
    expect(() => instanceType('x1.huge')).toThrow('no instance type "x1.huge"');
  });

  test('holds bands in rising order, the last without an end', () => {
    const banded = Object.entries(PRICES.prices).filter(([, price]) => price.tiers);
    expect(banded.length).toBeGreaterThan(0);
    for (const [key, { tiers = [] }] of banded) {
      const ends = tiers.map(({ upTo }) => upTo ?? Number.POSITIVE_INFINITY);
      expect({ key, ends }).toEqual({ key, ends: [...new Set(ends)].sort((a, b) => a - b) });
      expect(ends.at(-1)).toBe(Number.POSITIVE_INFINITY);
    }
  });
});

describe('a quantity in bands', () => {
  test('pays each band its own price: 130 TB of S3 Standard', () => {
    expect(usdFor(priceOf('s3.standard'), 130_000)).toBeCloseTo(50_000 * 0.023 + 80_000 * 0.022, 6);
  });

  test('never costs less when it grows, and adds up piece by piece', () => {
    const price = priceOf('transfer.internet');
    const gb = fc.double({ min: 0, max: 500_000, noNaN: true });
    fc.assert(
      fc.property(gb, gb, (a, b) => {
        const whole = usdFor(price, a + b);
        expect(whole).toBeGreaterThanOrEqual(usdFor(price, a) - 1e-9);
        expect(whole).toBeLessThanOrEqual(usdFor(price, a) + usdFor(price, b) + 1e-6);
      }),
    );
  });
});
