import { describe, expect, it } from '@jest/globals';
import type { AimdSettings } from './aimd.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';

const never = new AbortController().signal;
const perSecond = (rate: number): AimdSettings => ({
  initialRate: rate,
  minRate: rate / 8,
  maxRate: rate,
  increase: 0,
  startIncrease: 0,
  decreaseFactor: 0.5,
  settleMs: 0,
});

function create(rate: number, maxWaitMs = 10_000) {
  const clock = createVirtualClock();
  return { clock, limiter: createRateLimiter({ name: 'rds:X', aimd: perSecond(rate), maxWaitMs, clock }) };
}

describe('createRateLimiter', () => {
  it('lets calls through one by one, in the order in which they came', async () => {
    const { clock, limiter } = create(2);
    const startedAt = clock.now();
    const granted: [number, number, boolean][] = [];
    for (const n of [0, 1, 2, 3]) {
      void limiter.acquire(never).then((waited) => granted.push([n, clock.now() - startedAt, waited]));
    }
    await clock.advance(1600);
    expect(granted).toEqual([
      [0, 0, false],
      [1, 500, true],
      [2, 1000, true],
      [3, 1500, true],
    ]);
  });

  it('makes those who wait already wait for the lower rate after a throttled call', async () => {
    const { clock, limiter } = create(2);
    const startedAt = clock.now();
    const granted: number[] = [];
    await limiter.acquire(never);
    for (let n = 0; n < 2; n++) void limiter.acquire(never).then(() => granted.push(clock.now() - startedAt));
    limiter.throttled();
    await clock.advance(2000);
    expect(granted).toEqual([1000, 2000]);
  });

  it('refuses at once what would wait too long, without a cause, so that nobody retries it', async () => {
    const { clock, limiter } = create(2, 2000);
    await limiter.acquire(never);
    const waiting = [1, 2, 3, 4].map(() => limiter.acquire(never));
    const refused = await limiter.acquire(never).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'UPSTREAM_THROTTLED' });
    expect((refused as Error).cause).toBeUndefined();
    await clock.advance(2000);
    await expect(Promise.all(waiting)).resolves.toHaveLength(4);
  });

  it('forgets a call whose signal fires, and sleeps for nobody', async () => {
    const { clock, limiter } = create(1);
    await limiter.acquire(never);
    const stop = new AbortController();
    const given = limiter.acquire(stop.signal);
    expect(clock.sleepers()).toBe(1);
    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(clock.sleepers()).toBe(0);
    const next = limiter.acquire(never);
    await clock.advance(1000);
    await expect(next).resolves.toBe(true);
    await expect(limiter.acquire(stop.signal)).rejects.toThrow('enough');
  });

  it('gives the turn of a call that left to the next', async () => {
    const { clock, limiter } = create(1);
    await limiter.acquire(never);
    const stop = new AbortController();
    const leaves = limiter.acquire(stop.signal);
    const stays = limiter.acquire(never);
    stop.abort(new Error('enough'));
    await expect(leaves).rejects.toThrow('enough');
    await clock.advance(1000);
    await expect(stays).resolves.toBe(true);
  });
});
