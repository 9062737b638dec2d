import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesGlob } from './glob.ts';

describe('matchesGlob', () => {
  it.each([
    ['orders-1', 'orders-1', true],
    ['orders-1', 'orders-*', true],
    ['orders-', 'orders-*', true],
    ['orders-1', '*', true],
    ['orders-1', '*-1', true],
    ['orders-12', 'orders-?', false],
    ['orders-1', 'orders', false],
    ['orders-1', 'rders-*', false],
    ['orders-1', '', false],
    ['orders.1', 'orders.1', true],
    ['orders-1', 'orders.1', false],
    ['a\nb', 'a*b', true],
  ])('%j against %j is %j', (text, pattern, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected);
  });

  it('takes every other character for itself', () => {
    const literal = fc.string({ unit: fc.constantFrom(...'ab.+^$}{()|[]\\-/'), maxLength: 6 });
    fc.assert(
      fc.property(literal, literal, (text, pattern) => {
        expect(matchesGlob(text, pattern)).toBe(text === pattern);
        expect(matchesGlob(`${pattern}${text}`, `${pattern}*`)).toBe(true);
      }),
    );
  });
});
