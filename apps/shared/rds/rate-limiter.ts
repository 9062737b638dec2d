import { Failure } from '../failure.ts';
import type { Clock } from '../ports/clock.ts';
import { type AimdSettings, createAimd } from './aimd.ts';

/** Lets calls through in the order in which they came, at the rate that AIMD finds. */
export interface RateLimiter {
  /**
   * Resolves when the call may be sent; answers whether it had to wait. Throws UPSTREAM_THROTTLED at once where it
   * would wait longer than `maxWaitMs`, and the signal's reason when that fires.
   */
  acquire(signal: AbortSignal): Promise<boolean>;
  /** `waited`: what `acquire` answered for this call. */
  succeeded(waited: boolean): void;
  throttled(): void;
}

export interface RateLimiterOptions {
  /** What is limited, for messages: `rds:DescribeDBLogFiles in eu-west-1`. */
  readonly name: string;
  readonly aimd: AimdSettings;
  /** The queue is at most as long as the rate can serve in this time. */
  readonly maxWaitMs: number;
  readonly clock: Clock;
}

export function createRateLimiter({ name, aimd: settings, maxWaitMs, clock }: RateLimiterOptions): RateLimiter {
  const aimd = createAimd(settings, clock.now());
  const queue = new Set<() => void>();
  let serving = false;
  let nap = new AbortController();

  async function serve(): Promise<void> {
    serving = true;
    for (let [next] = queue; next !== undefined; [next] = queue) {
      const wait = aimd.waitMs(clock.now());
      if (wait > 0) {
        nap = new AbortController();
        await clock.sleep(wait, nap.signal);
      } else {
        aimd.take(clock.now());
        queue.delete(next);
        next();
      }
    }
    serving = false;
  }

  function enqueue(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const grant = () => {
        signal.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = () => {
        queue.delete(grant);
        // Nobody is left to sleep for.
        if (queue.size === 0) nap.abort();
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      queue.add(grant);
      if (!serving) void serve();
    });
  }

  return {
    async acquire(signal) {
      signal.throwIfAborted();
      const now = clock.now();
      if (queue.size === 0 && aimd.waitMs(now) === 0) {
        aimd.take(now);
        return false;
      }
      const maxQueued = Math.max(1, Math.floor((aimd.rate() * maxWaitMs) / 1000));
      if (queue.size >= maxQueued) {
        throw new Failure(
          'UPSTREAM_THROTTLED',
          `${queue.size} calls of ${name} already wait for the quota of ${aimd.rate().toFixed(1)} calls/s. Try again later, or ask AWS Support for a higher quota.`,
        );
      }
      return enqueue(signal);
    },
    succeeded: (waited) => aimd.succeeded(waited),
    throttled: () => aimd.throttled(clock.now()),
  };
}
