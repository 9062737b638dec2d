import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareBytes } from './compare-bytes.ts';

async function* inPieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const cut of [...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}

const bytes = fc.uint8Array({ maxLength: 200, max: 3 }).map((array) => Buffer.from(array));
const cuts = fc.array(fc.nat(), { maxLength: 8 });

describe('compareBytes', () => {
  it('finds what a comparison of the whole finds, however both streams are cut', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, cuts, cuts, async (left, right, leftCuts, rightCuts) => {
        const common = Math.min(left.length, right.length);
        const expected = [...left.subarray(0, common)].findIndex((byte, index) => byte !== right[index]);
        const found = await compareBytes(inPieces(left, leftCuts), inPieces(right, rightCuts));
        if (expected >= 0) expect(found.firstDifference).toBe(expected);
        else expect(found).toEqual({ firstDifference: undefined, leftLength: left.length, rightLength: right.length });
      }),
    );
  });
});
