import type { Clock } from '../../ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets `ms` pass, waking sleepers in order and letting each do its work before the next. */
  advance(ms: number): Promise<void>;
  /** How many sleep at this moment. */
  sleepers(): number;
}

/** Time that passes only when the test says so. */
export function createVirtualClock(startedAt = 1_000_000): VirtualClock {
  let now = startedAt;
  const sleeping = new Set<{ at: number; wake: () => void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        sleeping.delete(sleeper);
        resolve();
      };
      const sleeper = { at: now + ms, wake };
      sleeping.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  return {
    now: () => now,
    sleep,
    sleepers: () => sleeping.size,
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = [...sleeping].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}
