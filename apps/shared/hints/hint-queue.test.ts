import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Hint } from '../hint.ts';
import { hint } from '../testing/hints-contract.ts';
import { createHintQueue, type HintQueue } from './hint-queue.ts';

function drain(queue: HintQueue): Hint[] {
  const taken: Hint[] = [];
  for (let next = queue.take(); next; next = queue.take()) {
    taken.push(next);
    queue.release(next);
  }
  return taken;
}

/** The same, as a list that is sorted each time. */
function createModel(capacity: number) {
  let list: { hint: Hint; order: number }[] = [];
  let offers = 0;
  const sameFile = (a: Hint, b: Hint) => a.resourceId === b.resourceId && a.fileName === b.fileName;
  return {
    size: () => list.length,
    offer(offered: Hint, hands: Hint[]): boolean {
      const known = list.find((row) => sameFile(row.hint, offered));
      const order = known?.order ?? offers++;
      if (!known && !hands.some((held) => sameFile(held, offered)) && list.length >= capacity) return false;
      if (known && known.hint.listedAt > offered.listedAt) return true;
      list = [...list.filter((row) => row !== known), { hint: offered, order }];
      return true;
    },
    take(hands: Hint[]): Hint | undefined {
      const next = list
        .filter((row) => !hands.some((held) => held.resourceId === row.hint.resourceId))
        .sort((a, b) => a.hint.deadline - b.hint.deadline || a.order - b.order)[0];
      list = list.filter((row) => row !== next);
      return next?.hint;
    },
  };
}

function expectSameAsModel(steps: readonly (Partial<Hint> | string)[]): void {
  const queue = createHintQueue(4);
  const model = createModel(4);
  const hands: Hint[] = [];
  for (const step of steps) {
    if (typeof step !== 'string') {
      const offered = hint(step);
      expect(queue.offer(offered)).toBe(model.offer(offered, hands));
    } else if (step === 'take') {
      const taken = queue.take();
      expect(taken).toBe(model.take(hands));
      if (taken) hands.push(taken);
    } else {
      const held = hands.shift();
      if (held) queue.release(held);
    }
    expect(queue.size).toBe(model.size());
  }
}

describe('the queue of hints', () => {
  it('gives the earliest deadline first, and what was published first where deadlines are equal', () => {
    const queue = createHintQueue(10);
    for (const [fileName, deadline] of Object.entries({ a: 5, b: 3, c: 5, d: 1 })) {
      queue.offer(hint({ fileName, deadline }));
    }
    queue.offer(hint({ fileName: 'a', deadline: 5, listedAt: 2 }));
    expect(drain(queue).map((each) => each.fileName)).toEqual(['d', 'b', 'a', 'c']);
  });

  it('keeps the newest hint of a file, whichever comes last', () => {
    const queue = createHintQueue(10);
    for (const listedAt of [2, 3, 1]) expect(queue.offer(hint({ listedAt, size: listedAt }))).toBe(true);
    expect(drain(queue).map((each) => each.size)).toEqual([3]);
  });

  it('follows a deadline that changed', () => {
    const queue = createHintQueue(10);
    queue.offer(hint({ fileName: 'a', deadline: 1 }));
    queue.offer(hint({ fileName: 'b', deadline: 5 }));
    queue.offer(hint({ fileName: 'a', deadline: 9, listedAt: 2 }));
    expect(drain(queue).map((each) => each.fileName)).toEqual(['b', 'a']);
  });

  it('passes over a series in a hand and comes back to it', () => {
    const queue = createHintQueue(10);
    queue.offer(hint({ resourceId: 'db-A', fileName: 'a', deadline: 1 }));
    queue.offer(hint({ resourceId: 'db-A', fileName: 'b', deadline: 2 }));
    queue.offer(hint({ resourceId: 'db-B', fileName: 'c', deadline: 3 }));
    const first = queue.take();
    expect(first?.fileName).toBe('a');
    expect(queue.take()?.fileName).toBe('c');
    expect(queue.take()).toBeUndefined();
    if (first) queue.release(first);
    expect(queue.take()?.fileName).toBe('b');
  });

  it('refuses files over its capacity, but not what it knows or what is in a hand', () => {
    const queue = createHintQueue(2);
    queue.offer(hint({ fileName: 'a', deadline: 1 }));
    const inHand = queue.take();
    for (const fileName of ['b', 'c']) expect(queue.offer(hint({ fileName }))).toBe(true);
    expect(queue.offer(hint({ fileName: 'd' }))).toBe(false);
    expect(queue.offer(hint({ fileName: 'b', listedAt: 2 }))).toBe(true);
    expect(inHand && queue.offer(inHand)).toBe(true);
    expect({ size: queue.size, inHand: queue.inHand }).toEqual({ size: 3, inHand: 1 });
  });

  it('does not take back what it did not give', () => {
    const queue = createHintQueue(2);
    expect(() => queue.release(hint({}))).toThrow('in no hand');
  });

  it('behaves as a sorted list does, whatever is offered, taken and released', () => {
    const step = fc.oneof(
      fc.record({
        resourceId: fc.constantFrom('db-A', 'db-B'),
        fileName: fc.constantFrom('a', 'b', 'c'),
        deadline: fc.integer({ min: 1, max: 4 }),
        listedAt: fc.integer({ min: 1, max: 4 }),
      }),
      fc.constantFrom('take', 'release'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => expectSameAsModel(steps)),
      { numRuns: 500 },
    );
  });

  it('stays fast when 100,000 files of one series are said again and again while one is in a hand', () => {
    const queue = createHintQueue(100_001);
    queue.offer(hint({ fileName: 'first', deadline: 1 }));
    const inHand = queue.take();
    for (let cycle = 1; cycle <= 3; cycle++) {
      for (let n = 0; n < 100_000; n++) queue.offer(hint({ fileName: `${n}`, deadline: n, listedAt: cycle }));
      expect(queue.take()).toBeUndefined();
    }
    if (inHand) queue.release(inHand);
    expect(drain(queue)).toHaveLength(100_000);
  });

  it('stays fast when eight hands share two series of many files', () => {
    const queue = createHintQueue(100_000);
    for (let n = 0; n < 100_000; n++) {
      queue.offer(hint({ resourceId: `db-${n % 2}`, fileName: `${n}`, deadline: (n * 7919) % 100_000 }));
    }
    const hands: Hint[] = [];
    let done = 0;
    do {
      for (let next = hands.length < 8 && queue.take(); next; next = hands.length < 8 && queue.take()) hands.push(next);
      const finished = hands.shift();
      if (finished) queue.release(finished);
      done++;
    } while (queue.size + queue.inHand > 0);
    expect(done).toBe(100_000);
  });
});
