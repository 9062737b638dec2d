import { createHash } from 'node:crypto';
import { chainHash, genesisChain } from '../shared/archive/chain-hash.ts';
import type { GenerationId } from '../shared/log-file.ts';
import type { ChunkSlot } from '../shared/ports/archive.ts';
import type { GenerationPosition } from '../shared/ports/positions.ts';
import type { ShipDeps } from './ship-deps.ts';

export interface Appended {
  readonly position: GenerationPosition;
  /** False when another worker's slot was there: nothing of ours was stored, and the chain went on without us. */
  readonly stored: boolean;
}

/** Appends proven bytes to a chain: store first, remember second. Whoever was faster wins, and is followed. */
export async function appendChunk(
  deps: Pick<ShipDeps, 'archive' | 'positions' | 'clock' | 'writer'>,
  generation: GenerationId,
  position: GenerationPosition,
  chunk: { bytes: Uint8Array; marker: string; fileName: string },
): Promise<Appended> {
  const sha256 = createHash('sha256').update(chunk.bytes).digest('hex');
  const slot: ChunkSlot = {
    type: 'chunk',
    start: position.end,
    end: position.end + chunk.bytes.length,
    sha256,
    chain: chainHash(position.chain || genesisChain(generation), sha256),
    marker: chunk.marker,
    fileName: chunk.fileName,
    writtenAt: deps.clock.now(),
    writer: deps.writer,
  };
  if ((await deps.archive.putSlot(generation, slot, chunk.bytes)) === 'exists') {
    return { position: await followChain(deps, generation, position), stored: false };
  }
  const { end, chain, marker, fileName } = slot;
  return {
    position: await deps.positions.save(generation, { ...position, end, chain, marker, fileName }),
    stored: true,
  };
}

/** Walks the slots behind a position that the archive is ahead of, and remembers where the chain really ends. */
export async function followChain(
  deps: Pick<ShipDeps, 'archive' | 'positions'>,
  generation: GenerationId,
  position: GenerationPosition,
): Promise<GenerationPosition> {
  let found = position;
  for (;;) {
    const slot = await deps.archive.slot(generation, found.end);
    if (slot === undefined) break;
    if (slot.type === 'chunk') {
      const { end, chain, marker, fileName } = slot;
      found = { ...found, end, chain, marker, fileName };
      continue;
    }
    const state = slot.type === 'end' ? 'closed' : 'lost';
    found = { ...found, state, listedSize: Math.max(found.listedSize, slot.end) };
    break;
  }
  return deps.positions.save(generation, found);
}
