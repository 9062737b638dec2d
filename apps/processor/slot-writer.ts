import type { GenerationId } from '../shared/log-file.ts';
import type { GenerationPosition } from '../shared/ports/positions.ts';
import { appendChunk } from './append-chunk.ts';
import type { RecordDelivery } from './record-delivery.ts';
import type { ShipDeps } from './ship-deps.ts';
import type { Slab } from './slab-pool.ts';

/** Collects bytes into slots and appends them to a chain. */
export interface SlotWriter {
  /** Where the chain is now; bytes that wait in the slab are not part of it. */
  readonly position: GenerationPosition;
  /** Bytes that wait. */
  readonly pending: number;
  /** Another worker was faster: nothing more can be added in this slice. */
  readonly overtaken: boolean;
  /** Adds a portion; the slot that it ends, if it fits into one, remembers the marker behind it. */
  addPortion(bytes: Buffer, marker: string): Promise<void>;
  /** Adds bytes of a complete download, cut wherever a slot is full. */
  addBytes(bytes: Buffer): Promise<void>;
  /** Stores what waits. */
  flush(): Promise<void>;
}

export interface SlotWriterOptions {
  readonly generation: GenerationId;
  readonly fileName: string;
  readonly slab: Slab;
  readonly delivery: RecordDelivery;
  /** Called before each slot: throws NotThisFile where the bytes turn out to be another file's. */
  readonly beforePut: () => Promise<void>;
}

export function createSlotWriter(deps: ShipDeps, start: GenerationPosition, options: SlotWriterOptions): SlotWriter {
  const { buffer } = options.slab;
  let position = start;
  let pending = 0;
  let marker = start.marker;
  let overtaken = false;

  async function flush(): Promise<void> {
    if (pending === 0 || overtaken) return;
    await options.beforePut();
    const bytes = buffer.subarray(0, pending);
    const { generation, fileName } = options;
    const appended = await appendChunk(deps, generation, position, { bytes, marker, fileName });
    position = appended.position;
    overtaken = !appended.stored;
    pending = 0;
    if (!overtaken) position = await options.delivery.add(bytes, position);
  }

  async function addBytes(bytes: Buffer): Promise<void> {
    // A slot that ends anywhere has no marker of RDS behind it.
    marker = '';
    for (let at = 0; at < bytes.length && !overtaken; ) {
      const copied = bytes.copy(buffer, pending, at);
      at += copied;
      pending += copied;
      if (pending === buffer.length) await flush();
    }
  }

  return {
    get position() {
      return position;
    },
    get pending() {
      return pending;
    },
    get overtaken() {
      return overtaken;
    },
    addPortion: async (bytes, behind) => {
      if (pending + bytes.length > buffer.length) await flush();
      await addBytes(bytes);
      if (pending > 0) marker = behind;
    },
    addBytes,
    flush,
  };
}
