import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Aimd, createAimd } from './aimd.ts';
import { DEFAULT_RDS_LIMITS } from './limits.ts';

const settings = DEFAULT_RDS_LIMITS.rate;

/** A shared quota, as AWS documents its own: a bucket of one second. */
function createQuota(callsPerSecond: number) {
  let tokens = callsPerSecond;
  let at = 0;
  return (now: number) => {
    tokens = Math.min(callsPerSecond, tokens + ((now - at) / 1000) * callsPerSecond);
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** A repeatable stand-in for chance: a linear congruential generator (Numerical Recipes). */
function createChance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TICK_MS = 10;

/** Processes that always have work and share one quota without knowing of each other, in virtual time. */
function simulate(processes: number, quota: number, seconds: number, measuredSeconds: number) {
  const chance = createChance(processes * 1000 + quota);
  const allowed = createQuota(quota);
  const limiters = Array.from({ length: processes }, () => createAimd(settings, 0));
  const answers = new Map<number, (() => void)[]>();
  const done = limiters.map(() => 0);
  let throttled = 0;

  function send(i: number, now: number): void {
    const limiter = limiters[i] as Aimd;
    if (limiter.waitMs(now) > 0) return;
    limiter.take(now);
    const ok = allowed(now);
    const at = now + TICK_MS * (3 + chance(10));
    const answer = ok ? () => limiter.succeeded(true) : () => limiter.throttled(at);
    const due = answers.get(at) ?? [];
    due.push(answer);
    answers.set(at, due);
    if (ok) done[i] = (done[i] ?? 0) + 1;
    else throttled++;
  }

  for (let now = TICK_MS; now < seconds * 1000; now += TICK_MS) {
    for (const answer of answers.get(now) ?? []) answer();
    answers.delete(now);
    if (now === (seconds - measuredSeconds) * 1000) {
      done.fill(0);
      throttled = 0;
    }
    // Who is first at the quota is chance.
    const first = chance(processes);
    for (let n = 0; n < processes; n++) send((first + n) % processes, now);
  }
  const succeeded = done.reduce((sum, n) => sum + n, 0);
  return { use: succeeded / (quota * measuredSeconds), throttledShare: throttled / (throttled + succeeded), done };
}

describe('createAimd', () => {
  it('never leaves its limits, whatever happens', () => {
    const event = fc.tuple(fc.constantFrom('succeeded', 'throttled', 'take'), fc.nat(5000));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), (events) => {
        const aimd = createAimd({ ...settings, minRate: 2, initialRate: 5, maxRate: 6, increase: 0.3 }, 0);
        let now = 0;
        for (const [what, ms] of events) {
          now += ms;
          if (what === 'succeeded') aimd.succeeded(true);
          else aimd[what](now);
          expect(aimd.rate()).toBeGreaterThanOrEqual(2);
          expect(aimd.rate()).toBeLessThanOrEqual(6);
        }
      }),
    );
  });

  it('never lets more calls through in any time than its rate and one second saved up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1500), { maxLength: 100 }),
        fc.double({ min: 0.5, max: 50, noNaN: true }),
        (gaps, rate) => {
          const aimd = createAimd({ ...settings, minRate: rate, initialRate: rate, maxRate: rate }, 0);
          let now = 0;
          let calls = 0;
          for (const gap of gaps) {
            now += gap;
            for (; aimd.waitMs(now) === 0; calls++) aimd.take(now);
            expect(calls).toBeLessThanOrEqual((now / 1000) * rate + Math.max(1, rate) + 1e-6);
          }
        },
      ),
    );
  });

  it('may send after exactly the time that it says', () => {
    const aimd = createAimd({ ...settings, initialRate: 3 }, 0);
    aimd.take(0);
    const wait = aimd.waitMs(0);
    expect(wait).toBe(334);
    expect(aimd.waitMs(wait - 1)).toBeGreaterThan(0);
    expect(aimd.waitMs(wait)).toBe(0);
  });

  it('does not grow on calls that nobody waited for', () => {
    const aimd = createAimd(settings, 0);
    aimd.succeeded(false);
    expect(aimd.rate()).toBe(settings.initialRate);
    aimd.succeeded(true);
    expect(aimd.rate()).toBe(settings.initialRate + settings.startIncrease);
  });

  it('grows slowly once it was throttled', () => {
    const aimd = createAimd(settings, 0);
    aimd.throttled(0);
    const rate = aimd.rate();
    aimd.succeeded(true);
    expect(aimd.rate()).toBe(rate + settings.increase);
  });

  it('takes throttled answers that come together for one sign', () => {
    const aimd = createAimd(settings, 0);
    for (const now of [1000, 1001, 1999]) aimd.throttled(now);
    expect(aimd.rate()).toBe(settings.initialRate * settings.decreaseFactor);
    aimd.throttled(2000);
    expect(aimd.rate()).toBeCloseTo(settings.initialRate * settings.decreaseFactor ** 2);
  });

  it('survives a clock that is set back', () => {
    const aimd = createAimd(settings, 1_000_000);
    aimd.take(1_000_000);
    expect(aimd.waitMs(0)).toBeGreaterThan(0);
    expect(aimd.waitMs(1000)).toBe(0);
  });

  it.each([
    [50, 50],
    [50, 500],
    [5, 40],
    [1, 20],
  ])('lets %d processes share a quota of %d calls/s: >= 85 %% used, < 10 %% throttled', (processes, quota) => {
    const { use, throttledShare, done } = simulate(processes, quota, 200, 100);
    expect(use).toBeGreaterThanOrEqual(0.85);
    expect(throttledShare).toBeLessThan(0.1);
    // Nobody starves: the least any got is a good part of an equal share.
    expect(Math.min(...done)).toBeGreaterThan((0.2 * quota * 100) / processes);
  });
});
