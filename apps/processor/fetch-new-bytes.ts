import { isFailure } from '../shared/failure.ts';
import { type GenerationId, isNameForLife } from '../shared/log-file.ts';
import type { GenerationPosition } from '../shared/ports/positions.ts';
import { knownHead, tailOf } from './generations.ts';
import type { SourceFile } from './log-file-io.ts';
import { headAgrees, NotThisFile } from './match.ts';
import { type Head, readHead } from './read-head.ts';
import { createTailReader } from './read-tail.ts';
import { readWhole } from './read-whole.ts';
import type { RecordDelivery } from './record-delivery.ts';
import type { ShipDeps } from './ship-deps.ts';
import { createSlotWriter, type SlotWriter } from './slot-writer.ts';

export interface FetchWork {
  readonly file: SourceFile;
  readonly generation: GenerationId;
  readonly position: GenerationPosition;
  /** As it was when the file was identified; undefined for names that stand for one file for life. */
  readonly head: Head | undefined;
  /** Bytes when listed. */
  readonly size: number;
  readonly delivery: RecordDelivery;
}

export interface Fetched {
  readonly position: GenerationPosition;
  /** The slice ended before the file did. */
  readonly more: boolean;
}

/** Appends what a complete download has behind the archived bytes. */
export async function fetchWhole(deps: ShipDeps, work: FetchWork, signal: AbortSignal): Promise<Fetched> {
  const known = await knownHead(deps, work.generation, work.position);
  const tail = await tailOf(deps, work.generation, known.end);
  // Head and tail come in the same answer as the bytes, so nothing can be renamed between the check and the put.
  const fetched = await withWriter(
    deps,
    work,
    async () => {},
    signal,
    async (writer) => {
      for await (const bytes of readWhole(work.file, { ...known, tail }, signal)) {
        await writer.addBytes(bytes);
        if (writer.overtaken) return true;
      }
      await writer.flush();
      return writer.overtaken;
    },
  );
  // What portions could not show has passed: they get another chance.
  return fetched.position.wholeOnly ? remember(deps, work, fetched, { wholeOnly: false }) : fetched;
}

/** Appends what portions give until the file is dry or the slice is over; a file that cannot be read so is read whole. */
export async function fetchPortions(deps: ShipDeps, work: FetchWork, signal: AbortSignal): Promise<Fetched> {
  const { settings, clock } = deps;
  const { position, generation, file } = work;
  // A marker belongs to the name that it was given for; under another one it has to be made, and proven.
  const marker = position.fileName === file.fileName ? position.marker : '';
  const proof = marker === '' ? await tailOf(deps, generation, position.end) : Buffer.alloc(0);
  const segment = work.head?.segment ?? (marker === '' ? (await readHead(file, signal)).segment : undefined);
  const next = createTailReader(file, { offset: position.end, marker, segment, proof }, signal);
  const deadline = clock.now() + settings.sliceMs;
  const beforePut = () => assertSameHead(deps, work, signal);
  let doubtful = false;
  const fetched = await withWriter(deps, work, beforePut, signal, async (writer) => {
    for (;;) {
      const step = await portionOrDoubt(next);
      if (step.kind !== 'bytes') {
        doubtful = step.kind === 'doubtful';
        await writer.flush();
        return doubtful || writer.overtaken;
      }
      await writer.addPortion(step.bytes, step.marker);
      const read = writer.position.end + writer.pending - position.end;
      if (writer.overtaken || read >= settings.sliceBytes || clock.now() >= deadline) {
        await writer.flush();
        return true;
      }
    }
  });
  const ranDry = settings.untilDone && !fetched.more && fetched.position.end < work.size;
  return doubtful || ranDry ? remember(deps, work, { ...fetched, more: true }, { wholeOnly: true }) : fetched;
}

async function remember(
  deps: ShipDeps,
  work: FetchWork,
  fetched: Fetched,
  change: Partial<GenerationPosition>,
): Promise<Fetched> {
  return { ...fetched, position: await deps.positions.save(work.generation, { ...fetched.position, ...change }) };
}

async function portionOrDoubt(next: ReturnType<typeof createTailReader>) {
  try {
    return await next();
  } catch (error) {
    // A made marker may be refused.
    if (!isFailure(error, 'LOG_FILE_BINARY', 'UPSTREAM_REFUSED')) throw error;
    return { kind: 'doubtful', why: error.message } as const;
  }
}

/** A wrong slot can never be taken back: the name must still stand for the file that was identified. */
async function assertSameHead(deps: ShipDeps, work: FetchWork, signal: AbortSignal): Promise<void> {
  if (isNameForLife(work.file.fileName)) return;
  const now = await readHead(work.file, signal);
  const known = await knownHead(deps, work.generation, work.position);
  if (!headAgrees(known, now.bytes))
    throw new NotThisFile(work.file.fileName, 'it was renamed while it was read', true);
}

async function withWriter(
  deps: ShipDeps,
  work: FetchWork,
  beforePut: () => Promise<void>,
  signal: AbortSignal,
  use: (writer: SlotWriter) => Promise<boolean>,
): Promise<Fetched> {
  const slab = await deps.slabs.take(work.size - work.position.end, signal);
  try {
    const { generation, delivery, file } = work;
    const writer = createSlotWriter(deps, work.position, {
      generation,
      fileName: file.fileName,
      slab,
      delivery,
      beforePut,
    });
    const more = await use(writer);
    return { position: writer.position, more };
  } finally {
    slab.release();
  }
}
