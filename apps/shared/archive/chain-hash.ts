import { createHash } from 'node:crypto';
import type { GenerationId } from '../log-file.ts';
import type { ChunkSlot, EndSlot, LostSlot, Slot } from '../ports/archive.ts';
import { generationPrefix } from './keys.ts';

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The chain hash before the first slot of a generation: it ties the chain to its place in the archive. */
export function genesisChain(generation: GenerationId): string {
  return sha256Hex(generationPrefix(generation));
}

/** sha-256 (hex) over the predecessor's chain hash and a slot's digest, both as hex text. */
export function chainHash(previousChain: string, digest: string): string {
  return sha256Hex(previousChain + digest);
}

/** What a slot's digest is made from: all that a later reader must be able to trust. */
export type Digestible =
  | Pick<ChunkSlot, 'type' | 'sha256'>
  | Pick<EndSlot, 'type' | 'start'>
  | Pick<LostSlot, 'type' | 'start' | 'end' | 'reason'>;

/** A slot's own digest, hex: of its bytes for a chunk, of what it declares for the slots without bytes. */
export function slotDigest(slot: Digestible): string {
  if (slot.type === 'chunk') return slot.sha256;
  if (slot.type === 'end') return sha256Hex(`end ${slot.start}`);
  return sha256Hex(`lost ${slot.start} ${slot.end} ${slot.reason}`);
}

/** Whether `slot` goes on from a predecessor with this chain hash (`genesisChain` for the first slot). */
export function continuesChain(previousChain: string, slot: Slot): boolean {
  return slot.chain === chainHash(previousChain, slotDigest(slot));
}
