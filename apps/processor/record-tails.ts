import { type GenerationId, seriesKey } from '../shared/log-file.ts';

/**
 * The archived bytes behind the last complete record of each file, so that the next slice need not read them again from
 * the archive. A cache: bounded, the oldest go first, and losing an entry costs one read.
 */
export interface RecordTails {
  /** The bytes [from, from + length), if they are held. */
  get(generation: GenerationId, from: number): Buffer | undefined;
  set(generation: GenerationId, from: number, bytes: Uint8Array): void;
}

export function createRecordTails(maxBytes: number, maxEntryBytes = 1024 * 1024): RecordTails {
  const held = new Map<string, { from: number; bytes: Buffer }>();
  let total = 0;

  function drop(key: string): void {
    total -= held.get(key)?.bytes.length ?? 0;
    held.delete(key);
  }

  return {
    get: (generation, from) => {
      const entry = held.get(keyOf(generation));
      return entry?.from === from ? entry.bytes : undefined;
    },
    set: (generation, from, bytes) => {
      const key = keyOf(generation);
      drop(key);
      if (bytes.length > maxEntryBytes) return;
      held.set(key, { from, bytes: Buffer.from(bytes) });
      total += bytes.length;
      for (const oldest of held.keys()) {
        if (total <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}

function keyOf(generation: GenerationId): string {
  return `${seriesKey(generation)}/${generation.seq}`;
}
