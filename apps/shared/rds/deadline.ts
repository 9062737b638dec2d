import { TransportError } from './failures.ts';

/** A signal that follows `parent` and can fire by itself. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** (Re)starts the time after which it fires with a TransportError. */
  arm(ms: number): void;
  /** Stops the time; the signal still follows its parent. */
  disarm(): void;
  /** Stops following the parent. Must be called, or the parent keeps it alive. */
  unlink(): void;
}

export function linkSignal(parent: AbortSignal): LinkedSignal {
  parent.throwIfAborted();
  const controller = new AbortController();
  const follow = () => controller.abort(parent.reason);
  parent.addEventListener('abort', follow, { once: true });
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    arm(ms) {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(new TransportError(`No answer within ${ms / 1000} s.`)), ms);
    },
    disarm: () => clearTimeout(timer),
    unlink() {
      clearTimeout(timer);
      parent.removeEventListener('abort', follow);
    },
  };
}

/** Runs `work` with a signal that fires with `parent` or after `ms`; what it throws then is the signal's reason. */
export async function withDeadline<T>(
  parent: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const linked = linkSignal(parent);
  linked.arm(ms);
  try {
    return await work(linked.signal);
  } catch (error) {
    linked.signal.throwIfAborted();
    throw error;
  } finally {
    linked.unlink();
  }
}
