import { describe, expect, it } from '@jest/globals';
import type { RdsCall } from './call.ts';
import { type CallerOptions, createCaller } from './caller.ts';
import { AwsErrorResponse } from './failures.ts';
import { DEFAULT_RDS_LIMITS } from './limits.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';

const call: RdsCall = { action: 'DescribeDBLogFiles', region: 'eu-west-1', instanceId: 'db-1' };
const never = new AbortController().signal;
const throttled = () => Promise.reject(new AwsErrorResponse('Throttling', 'Rate exceeded', 400));
const unavailable = () => Promise.reject(new AwsErrorResponse('InternalFailure', 'x', 500));
// The rate never makes a call wait here.
const rate = { ...DEFAULT_RDS_LIMITS.rate, initialRate: 1000, minRate: 1000, maxRate: 1000 };

function create(options: Partial<Omit<CallerOptions, 'limits'>> & { limits?: object } = {}) {
  const clock = createVirtualClock();
  const refreshCredentials = () => Promise.reject(new Error('not expected'));
  const { limits, ...rest } = options;
  const caller = createCaller({
    clock,
    random: () => 0.5,
    onCall: () => {},
    refreshCredentials,
    ...rest,
    limits: { ...DEFAULT_RDS_LIMITS, rate, ...limits },
  });
  return { clock, caller };
}

/** When each attempt was made, in milliseconds after the first, and what it all came to. */
async function attemptsOf(attempt: () => Promise<never>, options: Parameters<typeof create>[0] = {}) {
  const { clock, caller } = create(options);
  const startedAt = clock.now();
  const times: number[] = [];
  const result = caller.call(call, never, () => {
    times.push(clock.now() - startedAt);
    return attempt();
  });
  const outcome = result.catch((error: unknown) => error);
  await clock.advance(300_000);
  return { times, outcome: await outcome };
}

describe('createCaller', () => {
  it('waits a random part of a limit that doubles, from 200 ms', async () => {
    const { times, outcome } = await attemptsOf(unavailable);
    expect(times).toEqual([0, 100, 300, 700, 1500, 3100]);
    expect(outcome).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('waits longer when throttled, from 1 s to 20 s', async () => {
    const { times } = await attemptsOf(throttled, { limits: { retryBudgetMs: 1e9, attempts: 8 } });
    expect(times.map((at, i) => at - (times[i - 1] ?? 0))).toEqual([0, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('starts no attempt after its budget of time', async () => {
    const { times, outcome } = await attemptsOf(throttled, { random: () => 1 });
    expect(times).toEqual([0, 1000, 3000, 7000, 15_000]);
    expect(outcome).toMatchObject({ code: 'UPSTREAM_THROTTLED' });
  });

  it('counts the calls that AWS throttled against the rate of that action only', async () => {
    const slow = { ...rate, initialRate: 10, minRate: 1, maxRate: 10, decreaseFactor: 0.1 };
    const { clock, caller } = create({ limits: { rate: slow, attempts: 1 } });
    await expect(caller.call(call, never, throttled)).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED' });
    const answer = async () => ({ result: clock.now(), bytes: 0 });
    const other = await caller.call({ ...call, action: 'DownloadDBLogFilePortion' }, never, answer);
    const same = caller.call(call, never, answer);
    await clock.advance(1000);
    expect((await same) - other).toBe(1000);
  });

  it('leaves the wait for the next attempt when the signal fires', async () => {
    const { clock, caller } = create();
    const stop = new AbortController();
    const result = caller.call(call, stop.signal, throttled);
    await clock.advance(0);
    expect(clock.sleepers()).toBe(1);
    stop.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
  });

  it('tells of every attempt once, and of nothing that goes on', async () => {
    const events: unknown[] = [];
    const { caller, clock } = create({ onCall: (event) => events.push(event), limits: { attempts: 1 } });
    const calls = [
      caller.call(call, never, async () => ({ result: 1, bytes: 5 })),
      caller.call(call, never, async () => ({ result: 1, bytes: undefined })),
      caller.call(call, never, unavailable).catch(() => {}),
    ];
    await clock.advance(10);
    await Promise.all(calls);
    expect(events).toEqual([
      { action: call.action, outcome: 'ok', ms: 0, bytes: 5 },
      { action: call.action, outcome: 'UPSTREAM_UNAVAILABLE', ms: 0, bytes: 0 },
    ]);
  });

  it('fails with CREDENTIALS_INVALID where new credentials cannot be had', async () => {
    const refreshCredentials = () =>
      Promise.reject(Object.assign(new Error('no profile'), { name: 'CredentialsProviderError' }));
    const { caller } = create({ refreshCredentials });
    const expired = () => Promise.reject(new AwsErrorResponse('ExpiredToken', 'expired', 403));
    await expect(caller.call(call, never, expired)).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
      message: expect.stringContaining('no profile'),
    });
  });
});
