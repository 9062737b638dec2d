import { createHash } from 'node:crypto';
import { chainHash, genesisChain, slotDigest } from '../shared/archive/chain-hash.ts';
import { readGeneration } from '../shared/archive/read-chain.ts';
import { Failure } from '../shared/failure.ts';
import { type GenerationId, isFinalName } from '../shared/log-file.ts';
import type { Slot } from '../shared/ports/archive.ts';
import type { GenerationPosition } from '../shared/ports/positions.ts';
import { followChain } from './append-chunk.ts';
import { compareBytes } from './compare-bytes.ts';
import type { SourceFile } from './log-file-io.ts';
import type { ShipDeps } from './ship-deps.ts';

/** Whether a file may be closed: it has its final name, and its listing has long been still. */
export function mayClose(position: GenerationPosition, fileName: string, now: number, closeAfterMs: number): boolean {
  return position.state === 'open' && isFinalName(fileName) && now - position.changedAt >= closeAfterMs;
}

/**
 * Closes a chain with an end object. Where the listed length does not agree, and for a sample, the complete file is
 * compared first; what RDS serves whole replaces the chain where they differ, and its records are delivered again.
 */
export async function closeGeneration(
  deps: ShipDeps,
  work: { generation: GenerationId; position: GenerationPosition; file: SourceFile; size: number },
  signal: AbortSignal,
): Promise<GenerationPosition> {
  const { generation, position, file, size } = work;
  if (position.end !== size || deps.random() < deps.settings.sampleRate) {
    const archived = bytesOf(readGeneration(deps.archive, generation));
    const served = deps.source.whole(file.instance, file.fileName, signal);
    const compared = await compareBytes(archived, served);
    if (compared.firstDifference !== undefined || compared.rightLength < compared.leftLength) {
      return sealGeneration(deps, work, signal);
    }
    if (compared.rightLength > compared.leftLength) {
      // Portions ran dry too early; the next slice fetches the rest.
      return deps.positions.save(generation, { ...position, wholeOnly: true });
    }
  }
  return putLastSlot(deps, generation, position, { type: 'end', end: position.end });
}

/** Declares bytes [position.end, size) lost at the source, durably, or closes the chain where none are missing. */
export async function declareLost(
  deps: ShipDeps,
  generation: GenerationId,
  position: GenerationPosition,
  reason: string,
): Promise<GenerationPosition> {
  const end = Math.max(position.end, position.listedSize);
  return putLastSlot(
    deps,
    generation,
    position,
    end > position.end ? { type: 'lost', end, reason } : { type: 'end', end },
  );
}

type LastSlot = { type: 'end'; end: number } | { type: 'lost'; end: number; reason: string };

async function putLastSlot(deps: ShipDeps, generation: GenerationId, position: GenerationPosition, last: LastSlot) {
  const start = position.end;
  const digest = slotDigest({ ...last, start });
  const slot: Slot = {
    ...last,
    start,
    chain: chainHash(position.chain || genesisChain(generation), digest),
    fileName: position.fileName,
    writtenAt: deps.clock.now(),
    writer: deps.writer,
  };
  if ((await deps.archive.putSlot(generation, slot, new Uint8Array(0))) === 'exists') {
    return followChain(deps, generation, position);
  }
  return deps.positions.save(generation, { ...position, state: last.type === 'end' ? 'closed' : 'lost' });
}

/** Stores the complete file beside the chain. The chain is closed by the next slice, which finds the two equal. */
async function sealGeneration(
  deps: ShipDeps,
  work: { generation: GenerationId; position: GenerationPosition; file: SourceFile; size: number },
  signal: AbortSignal,
): Promise<GenerationPosition> {
  const { generation, file, position } = work;
  if (position.sealedSize !== undefined) {
    const message = `${file.fileName} of ${file.instance.instanceId} differs from its sealed copy, which cannot be replaced.`;
    throw new Failure('ARCHIVE_CORRUPT', `${message} Restore it from RDS by hand, and keep both.`);
  }
  // Always full slots: two workers that seal the same file then cut it alike, and each finds the other's parts good.
  const slab = await deps.slabs.take(deps.settings.slotBytes, signal);
  let start = 0;
  try {
    let used = 0;
    const put = async (last: boolean) => {
      const bytes = slab.buffer.subarray(0, used);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await deps.archive.putSealed(generation, { start, end: start + used, sha256, last }, bytes);
      start += used;
      used = 0;
    };
    for await (const bytes of deps.source.whole(file.instance, file.fileName, signal)) {
      for (let at = 0; at < bytes.length; ) {
        if (used === slab.buffer.length) await put(false);
        const copied = bytes.copy(slab.buffer, used, at);
        at += copied;
        used += copied;
      }
    }
    await put(true);
  } finally {
    slab.release();
  }
  const reindexed = { ...position, sealedSize: start, indexed: 0, records: 0, rawRecords: 0, parser: undefined };
  return deps.positions.save(generation, reindexed, { reindexFrom: 0 });
}

async function* bytesOf(parts: AsyncIterable<{ bytes: Buffer }>): AsyncGenerator<Buffer> {
  for await (const part of parts) yield part.bytes;
}
