import { Failure } from '../failure.ts';

/** Lets one holder at a time have a key; the others wait in order. */
export interface InstanceLocks {
  /** Runs `work` when the key is free. Throws UPSTREAM_THROTTLED at once where too many wait, the signal's reason when it fires. */
  hold<T>(instanceId: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** `maxWaiting`: per instance. A key costs memory only while it is held. */
export function createInstanceLocks(maxWaiting: number): InstanceLocks {
  const queues = new Map<string, Set<() => void>>();

  function turn(instanceId: string, queue: Set<() => void>, signal: AbortSignal): Promise<void> {
    if (queue.size >= maxWaiting) {
      throw new Failure(
        'UPSTREAM_THROTTLED',
        `${queue.size} reads of instance ${instanceId} already wait for the one that runs. Try again later.`,
      );
    }
    return new Promise((resolve, reject) => {
      const grant = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        queue.delete(grant);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      queue.add(grant);
    });
  }

  function release(instanceId: string, queue: Set<() => void>): void {
    const [next] = queue;
    if (next === undefined) {
      queues.delete(instanceId);
    } else {
      queue.delete(next);
      next();
    }
  }

  return {
    async hold(instanceId, signal, work) {
      signal.throwIfAborted();
      const waiting = queues.get(instanceId);
      const queue = waiting ?? new Set();
      if (waiting === undefined) queues.set(instanceId, queue);
      else await turn(instanceId, queue, signal);
      try {
        return await work();
      } finally {
        release(instanceId, queue);
      }
    },
  };
}
