import { type Failure, type FailureCode, isFailure } from '../failure.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { RdsAction, RdsCall } from './call.ts';
import { isExpiredToken, toFailure } from './failures.ts';
import type { RdsLimits } from './limits.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';

/** One attempt of a call, over. */
export interface CallEvent {
  readonly action: RdsAction;
  /** `stopped`: by the caller's signal, or by leaving a download early. */
  readonly outcome: 'ok' | 'stopped' | FailureCode;
  readonly ms: number;
  /** Bytes of log text that were received; 0 for lists. */
  readonly bytes: number;
}

export interface CallerOptions {
  readonly limits: RdsLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly onCall: (event: CallEvent) => void;
  /** Gets new credentials although the old ones look good. */
  readonly refreshCredentials: () => Promise<unknown>;
}

/**
 * Sends calls: paced per action, retried, their errors translated. The only retry layer of this hop.
 * An aborted call throws the signal's reason.
 */
export interface Caller {
  call<T>(call: RdsCall, signal: AbortSignal, attempt: () => Promise<Answer<T>>): Promise<T>;
}

/** What an attempt came to, and the bytes of log text in it; undefined where they come later, with their own event. */
export interface Answer<T> {
  readonly result: T;
  readonly bytes: number | undefined;
}

export function createCaller(options: CallerOptions): Caller {
  const { limits, clock } = options;
  const limiters = new Map<RdsAction, RateLimiter>();

  function limiterOf(call: RdsCall): RateLimiter {
    const existing = limiters.get(call.action);
    if (existing !== undefined) return existing;
    const name = `rds:${call.action} in ${call.region}`;
    const created = createRateLimiter({ name, aimd: limits.rate, maxWaitMs: limits.queueMs, clock });
    limiters.set(call.action, created);
    return created;
  }

  async function tryOnce<T>(call: RdsCall, signal: AbortSignal, attempt: () => Promise<Answer<T>>): Promise<T> {
    const limiter = limiterOf(call);
    const waited = await limiter.acquire(signal);
    const startedAt = clock.now();
    const report = (outcome: CallEvent['outcome'], bytes: number) =>
      options.onCall({ action: call.action, outcome, ms: clock.now() - startedAt, bytes });
    try {
      const { result, bytes } = await attempt();
      limiter.succeeded(waited);
      if (bytes !== undefined) report('ok', bytes);
      return result;
    } catch (error) {
      if (signal.aborted) {
        report('stopped', 0);
        throw signal.reason;
      }
      const failure = toFailure(error, call);
      if (isFailure(failure)) report(failure.code, 0);
      if (isFailure(failure, 'UPSTREAM_THROTTLED')) limiter.throttled();
      throw failure;
    }
  }

  /** Temporary credentials can run out between our look and the server's: then new ones are tried, once. */
  async function tryFresh<T>(call: RdsCall, signal: AbortSignal, attempt: () => Promise<Answer<T>>): Promise<T> {
    try {
      return await tryOnce(call, signal, attempt);
    } catch (error) {
      if (!isFailure(error, 'CREDENTIALS_INVALID') || !isExpiredToken(error.cause)) throw error;
    }
    await options.refreshCredentials().catch((error: unknown) => {
      throw toFailure(error, call);
    });
    return tryOnce(call, signal, attempt);
  }

  return {
    async call(call, signal, attempt) {
      const startedAt = clock.now();
      for (let failures = 0; ; failures++) {
        try {
          return await tryFresh(call, signal, attempt);
        } catch (error) {
          if (signal.aborted || !isRetried(error) || failures + 1 >= limits.attempts) throw error;
          const delay = backoffMs(error, failures, options);
          if (clock.now() + delay - startedAt > limits.retryBudgetMs) throw error;
          await clock.sleep(delay, signal);
        }
      }
    },
  };
}

/** A failure that has a cause came from AWS or the network; the limiter's own refusal is for the caller to heed. */
function isRetried(error: unknown): error is Failure {
  return isFailure(error, 'UPSTREAM_THROTTLED', 'UPSTREAM_UNAVAILABLE') && error.cause !== undefined;
}

/** Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function backoffMs(failure: Failure, failures: number, { limits, random }: CallerOptions): number {
  const base = isFailure(failure, 'UPSTREAM_THROTTLED') ? limits.throttleBaseMs : limits.retryBaseMs;
  return random() * Math.min(limits.retryCapMs, base * 2 ** failures);
}
