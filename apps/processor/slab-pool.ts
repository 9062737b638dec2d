/** Memory for raw bytes, bounded over all files together: whoever finds the pool empty waits. */
export interface SlabPool {
  /** Waits, first come first served, for a buffer of at least `bytes`, at most the size of a slab. */
  take(bytes: number, signal: AbortSignal): Promise<Slab>;
  /** Bytes handed out. */
  readonly inUse: number;
}

export interface Slab {
  readonly buffer: Buffer;
  /** Gives the buffer back; it must not be touched afterwards. Repeating it does nothing. */
  release(): void;
}

/** Files with less than this to read get less than a slab. */
const SMALL_BYTES = 2 * 1024 * 1024;

/**
 * `total` bytes in all, at least one slab: a quarter of them for small wishes, which so never wait behind large ones. Full
 * slabs are kept and used again: allocating them anew for each slice grows the process faster than the garbage collector
 * notices. As many may wait as there are workers.
 */
export function createSlabPool(slabBytes: number, total: number): SlabPool {
  const idle: Buffer[] = [];
  const smallBytes = Math.min(SMALL_BYTES, slabBytes);
  const small = createQueue(Math.max(total / 4, smallBytes));
  const large = createQueue(Math.max((total * 3) / 4, slabBytes));

  function hand(bytes: number, queue: Queue): Slab {
    const buffer = (bytes === slabBytes ? idle.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes);
    let held = true;
    return {
      buffer,
      release: () => {
        if (!held) return;
        held = false;
        if (bytes === slabBytes) idle.push(buffer);
        queue.giveBack(bytes);
      },
    };
  }

  return {
    get inUse() {
      return small.inUse() + large.inUse();
    },
    take: async (wish, signal) => {
      const [bytes, queue] = wish <= smallBytes ? [smallBytes, small] : [slabBytes, large];
      await queue.turn(bytes, signal);
      return hand(bytes, queue);
    },
  };
}

type Queue = ReturnType<typeof createQueue>;

/** Bytes that are granted in the order in which they were asked for, never more than `limit` at a time. */
function createQueue(limit: number) {
  let inUse = 0;
  const waiting: { bytes: number; grant: () => void }[] = [];

  function grantWaiting(): void {
    while (waiting[0] !== undefined && inUse + waiting[0].bytes <= limit) {
      inUse += waiting[0].bytes;
      waiting.shift()?.grant();
    }
  }

  return {
    inUse: () => inUse,
    giveBack: (bytes: number) => {
      inUse -= bytes;
      grantWaiting();
    },
    turn: (bytes: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const abort = () => {
          waiting.splice(waiting.indexOf(waiter), 1);
          grantWaiting();
          reject(signal.reason);
        };
        const waiter = {
          bytes,
          grant: () => {
            signal.removeEventListener('abort', abort);
            resolve();
          },
        };
        signal.addEventListener('abort', abort, { once: true });
        waiting.push(waiter);
        grantWaiting();
      }),
  };
}
