import { Failure } from '../failure.ts';
import type { GenerationId } from '../log-file.ts';
import type { Archive, Registration, Slot } from '../ports/archive.ts';
import { continuesChain, genesisChain } from './chain-hash.ts';
import { generationPrefix } from './keys.ts';

/** Bytes [start, end) of a log file. */
export interface ArchivedBytes {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/**
 * The bytes of a generation from `from` on, as they count: the sealed copy where there is a complete one, else the
 * chain; where the generation continues another, that one's bytes come first. One slot is in memory at a time. A chain
 * that is still open ends where it ends now. Pieces follow each other without a gap but for bytes declared lost.
 * Throws NOT_FOUND for a generation that was never registered, ARCHIVE_CORRUPT for a gap, an overlap, a slot that does
 * not continue its predecessor, or damaged bytes.
 */
export async function* readGeneration(
  archive: Archive,
  generation: GenerationId,
  from = 0,
): AsyncGenerator<ArchivedBytes> {
  yield* readUpTo(archive, generation, from, Number.POSITIVE_INFINITY);
}

async function* readUpTo(archive: Archive, generation: GenerationId, from: number, to: number) {
  const registration = await registered(archive, generation);
  for await (const piece of wholePieces(archive, generation, registration, from)) {
    if (piece.start >= to) return;
    const skip = Math.max(from - piece.start, 0);
    const bytes = piece.bytes.subarray(skip, Math.min(piece.end, to) - piece.start);
    if (bytes.length > 0) yield { start: piece.start + skip, end: piece.start + skip + bytes.length, bytes };
  }
}

async function* wholePieces(
  archive: Archive,
  generation: GenerationId,
  { continues }: Registration,
  from: number,
): AsyncGenerator<ArchivedBytes> {
  const sealed = await archive.sealedParts(generation);
  for (const { start, end } of sealed) {
    if (end > from) yield { start, end, bytes: await archive.sealedBytes(generation, start) };
  }
  if (sealed.length > 0) return;
  if (continues !== undefined && from < continues.offset) {
    // Always an older one: a generation that continued itself would never end.
    if (continues.seq >= generation.seq)
      throw corrupt(generation, `says that it continues generation ${continues.seq}`);
    yield* readUpTo(archive, { ...generation, seq: continues.seq }, from, continues.offset);
  }
  for await (const { type, start, end } of readChain(archive, generation, continues?.offset ?? 0, from)) {
    if (type === 'chunk') yield { start, end, bytes: await archive.slotBytes(generation, start) };
  }
}

/**
 * The slots of a chain that begins at `base`, from the one that holds `from` on, each checked to continue its
 * predecessor. Throws ARCHIVE_CORRUPT where the chain has a gap, an overlap, a stray slot or a wrong hash.
 */
export async function* readChain(
  archive: Archive,
  generation: GenerationId,
  base: number,
  from = base,
): AsyncGenerator<Slot> {
  const starts = await archive.slotStarts(generation);
  const first = Math.max(
    starts.findLastIndex((start) => start <= from),
    0,
  );
  const before = first === 0 ? undefined : await slotAt(archive, generation, starts[first - 1] ?? 0);
  let chain = before?.chain ?? genesisChain(generation);
  let expected = before?.end ?? base;
  let closed = false;
  for (const start of starts.slice(first)) {
    if (closed) throw corrupt(generation, `goes on at offset ${start} although it was closed`);
    if (start > expected) throw corrupt(generation, `has a gap: the bytes from ${expected} to ${start} are missing`);
    if (start < expected) throw corrupt(generation, `has an overlap: the slot at ${start} begins before ${expected}`);
    const slot = await slotAt(archive, generation, start);
    if (!continuesChain(chain, slot))
      throw corrupt(generation, `was changed: the slot at ${start} continues another chain`);
    yield slot;
    ({ chain, end: expected } = slot);
    closed = slot.type !== 'chunk';
  }
}

async function slotAt(archive: Archive, generation: GenerationId, start: number): Promise<Slot> {
  const slot = await archive.slot(generation, start);
  if (slot === undefined) throw corrupt(generation, `lists a slot at ${start} that is not there`);
  return slot;
}

async function registered(archive: Archive, generation: GenerationId): Promise<Registration> {
  const registration = await archive.registration(generation, generation.seq);
  if (registration !== undefined) return registration;
  throw new Failure('NOT_FOUND', `The archive has no generation ${generationPrefix(generation)}.`);
}

function corrupt(generation: GenerationId, what: string): Failure {
  const name = generationPrefix(generation);
  const message = `The chain ${name} ${what}. Run "aurora-logs verify" to see all damage, and bring back the objects from a replica.`;
  return new Failure('ARCHIVE_CORRUPT', message, { details: { generation: name } });
}
