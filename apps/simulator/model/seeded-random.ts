import type { Random } from '../../shared/ports/clock.ts';

/**
 * A repeatable stream of numbers in [0, 1): the same seed and stream name give the same numbers on every machine.
 * Each component draws from its own named stream, so that one more draw in one place moves nothing elsewhere.
 * The generator is mulberry32 (public domain, 2^32 period), seeded by FNV-1a over seed and name.
 */
export function seededRandom(seed: number, stream: string): Random {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(`${seed}/${stream}`)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
