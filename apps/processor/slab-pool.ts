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
 * `total` bytes in all, at least one slab. Full slabs are kept and used again: allocating them anew for each slice grows
 * the process faster than the garbage collector notices. As many may wait as there are workers.
 */
export function createSlabPool(slabBytes: number, total: number): SlabPool {
  let inUse = 0;
  const idle: Buffer[] = [];
  const waiting: { bytes: number; grant: () => void }[] = [];

  function grantWaiting(): void {
    while (waiting[0] !== undefined && inUse + waiting[0].bytes <= Math.max(total, slabBytes)) waiting.shift()?.grant();
  }

  function hand(bytes: number): Slab {
    inUse += bytes;
    const buffer = (bytes === slabBytes ? idle.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes);
    let held = true;
    return {
      buffer,
      release: () => {
        if (!held) return;
        held = false;
        inUse -= bytes;
        if (bytes === slabBytes) idle.push(buffer);
        grantWaiting();
      },
    };
  }

  return {
    get inUse() {
      return inUse;
    },
    take: (wish, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const bytes = wish <= SMALL_BYTES ? Math.min(SMALL_BYTES, slabBytes) : slabBytes;
        const abort = () => {
          waiting.splice(waiting.indexOf(waiter), 1);
          grantWaiting();
          reject(signal.reason);
        };
        const waiter = {
          bytes,
          grant: () => {
            signal.removeEventListener('abort', abort);
            resolve(hand(bytes));
          },
        };
        signal.addEventListener('abort', abort, { once: true });
        waiting.push(waiter);
        grantWaiting();
      }),
  };
}
