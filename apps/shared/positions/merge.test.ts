import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { onlyProgress, position, progress } from '../testing/positions-contract.ts';
import { isNowhereBehind, mergePositions } from './merge.ts';

describe('merging positions', () => {
  it('gives the same progress in either order', () => {
    fc.assert(
      fc.property(progress, progress, (a, b) => {
        expect(onlyProgress(mergePositions(a, b))).toEqual(onlyProgress(mergePositions(b, a)));
      }),
    );
  });

  it('gives the same progress however views are grouped', () => {
    fc.assert(
      fc.property(progress, progress, progress, (a, b, c) => {
        const left = mergePositions(mergePositions(a, b), c);
        const right = mergePositions(a, mergePositions(b, c));
        expect(onlyProgress(left)).toEqual(onlyProgress(right));
      }),
    );
  });

  it('is nowhere behind either view, and changes nothing when repeated', () => {
    fc.assert(
      fc.property(progress, progress, (a, b) => {
        const merged = mergePositions(a, b);
        expect(isNowhereBehind(merged, a) && isNowhereBehind(merged, b)).toBe(true);
        expect(mergePositions(merged, b)).toEqual(merged.attempts === b.attempts ? merged : expect.anything());
        expect(onlyProgress(mergePositions(merged, a))).toEqual(onlyProgress(merged));
      }),
    );
  });

  it('takes what can change either way from the view that is nowhere behind', () => {
    const stored = position({ seq: 1, end: 10, indexed: 5, attempts: 3 });
    expect(mergePositions(stored, position({ seq: 1, end: 10, indexed: 5 })).attempts).toBeUndefined();
    expect(mergePositions(stored, position({ seq: 1, end: 20, indexed: 0 })).attempts).toBe(3);
  });

  it('drops the parser state of indexing that was begun again from the start', () => {
    const stored = position({ seq: 1, indexed: 9, parser: { at: 9 } });
    expect(mergePositions(stored, position({ seq: 1, indexed: 0, reindexed: 1 }))).not.toHaveProperty('parser');
  });
});
