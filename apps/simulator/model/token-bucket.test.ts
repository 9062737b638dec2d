import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('never lets more through than its rate and one second saved up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 }),
        (rate, gaps) => {
          const admit = createTokenBucket(rate);
          let now = 0;
          let admitted = 0;
          for (const gap of gaps) {
            now += gap;
            if (admit(now)) admitted += 1;
          }
          expect(admitted).toBeLessThanOrEqual(rate + (now / 1000) * rate + 1e-6);
        },
      ),
    );
  });

  it('lets through what comes at its rate', () => {
    const admit = createTokenBucket(4);
    expect(Array.from({ length: 40 }, (_, index) => admit(index * 250)).every(Boolean)).toBe(true);
  });
});
