import type { Hint } from '../hint.ts';
import type { HintDelivery, Hints } from '../ports/hints.ts';
import { createHintQueue } from './hint-queue.ts';

export interface InProcessHints extends Hints {
  /** Resolves as soon as nothing waits and nothing is in a hand; at once where that is so now, or the queue is closed. */
  idle(): Promise<void>;
  /** Ends every `consume` and every waiting `publish`; what waits is dropped, as a lost hint may always be. */
  close(): void;
}

/**
 * Hints between discovery and processor in one process. Holds the newest hint of each of at most `capacity` files;
 * `publish` waits while it is full, but never for a file that is in a hand, so a worker may publish what it holds.
 */
export function createInProcessHints({ capacity }: { capacity: number }): InProcessHints {
  const queue = createHintQueue(capacity);
  const changed = createBell();
  let closed = false;

  function deliver(hint: Hint): HintDelivery {
    let settled = false;
    const settle = async () => {
      if (settled) throw new Error(`The hint of ${hint.instanceId} ${hint.fileName} was settled twice.`);
      settled = true;
      queue.release(hint);
      changed.ring();
    };
    return { hint, ack: settle, nack: settle };
  }

  return {
    async publish(hints) {
      for (const hint of hints) {
        while (!closed && !queue.offer(hint)) await changed.wait();
        changed.ring();
      }
    },

    async *consume(signal) {
      while (!closed && !signal.aborted) {
        const hint = queue.take();
        if (!hint) {
          await changed.wait(signal);
          continue;
        }
        // Room for a publisher.
        changed.ring();
        yield deliver(hint);
      }
    },

    async idle() {
      while (!closed && queue.size + queue.inHand > 0) await changed.wait();
    },

    close() {
      closed = true;
      changed.ring();
    },
  };
}

/** Lets any number of waiters go on when something may have changed for them. */
function createBell(): { ring(): void; wait(signal?: AbortSignal): Promise<void> } {
  let waiting = new Set<() => void>();
  return {
    ring() {
      const woken = waiting;
      waiting = new Set();
      for (const wake of woken) wake();
    },
    wait(signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (signal?.aborted) return Promise.resolve();
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        waiting.delete(wake);
        resolve();
      };
      signal?.addEventListener('abort', wake);
      waiting.add(wake);
      return promise;
    },
  };
}
