import { Failure } from '../failure.ts';
import type { GenerationId } from '../log-file.ts';
import type { Archive, Registration, SealedPart, SeenName, Slot } from '../ports/archive.ts';
import * as keys from './keys.ts';
import { listSeries } from './list-series.ts';
import { mapLimited } from './map-limited.ts';
import { chunkMetadata, nameMetadata, registrationMetadata, sealedMetadata, slotMetadata } from './metadata.ts';
import { DamagedObject } from './object-codec.ts';
import type { ObjectStore } from './object-store.ts';
import { createTypedObjects, expectStart, type TypedObjects } from './typed-objects.ts';

/** Objects read at once where a listing names many. */
const READS_AT_ONCE = 8;

/** The `Archive` over any object store. `level` is zstd's, 1 by default. Remembers nothing between calls. */
export function createArchive(store: ObjectStore, options: { level?: number } = {}): Archive {
  const objects = createTypedObjects(store, options.level ?? 1);
  return {
    series: () => listSeries(store),
    ...registrationsOf(objects),
    ...namesOf(objects),
    ...slotsOf(objects),
    ...sealedOf(objects),
  };
}

function registrationsOf(objects: TypedObjects): Pick<Archive, 'registrations' | 'registration' | 'register'> {
  const read = async (generation: GenerationId): Promise<Registration | undefined> => {
    const key = keys.registrationKey(generation);
    const found = await objects.metadata(key, registrationMetadata, ({ seq }) => {
      if (seq !== generation.seq) throw new DamagedObject(`it is the registration of generation ${seq}`);
    });
    if (found === undefined) return undefined;
    const { format: _format, stored: _stored, type: _type, head, ...rest } = found;
    return { ...rest, head: Buffer.from(head, 'base64') };
  };
  return {
    registration: (series, seq) => read({ ...series, seq }),
    registrations: async (series) => {
      const seqs = await objects.numbers(keys.registrationsPrefix(series));
      return mapLimited(seqs, READS_AT_ONCE, async (seq) =>
        listed(await read({ ...series, seq }), `generation ${seq}`),
      );
    },
    register: (series, { head, ...rest }) => {
      const key = keys.registrationKey({ ...series, seq: rest.seq });
      return objects.put(key, { type: 'registration', ...rest, head: Buffer.from(head).toString('base64') });
    },
  };
}

function namesOf(objects: TypedObjects): Pick<Archive, 'addName' | 'names'> {
  const read = async (key: string): Promise<SeenName> => {
    const { fileName, seenAt } = listed(await objects.metadata(key, nameMetadata, () => {}), key);
    return { fileName, seenAt };
  };
  return {
    addName: async (generation, { fileName, seenAt }) => {
      const key = keys.nameKey(generation, fileName);
      if (!(await objects.exists(key))) await objects.put(key, { type: 'name', fileName, seenAt });
    },
    names: async (generation) => {
      const found = await objects.keys(keys.namesPrefix(generation));
      const names = await mapLimited(found, READS_AT_ONCE, read);
      return names.sort((a, b) => a.seenAt - b.seenAt);
    },
  };
}

function slotsOf(objects: TypedObjects): Pick<Archive, 'putSlot' | 'slot' | 'slotBytes' | 'slotStarts'> {
  return {
    putSlot: async (generation, slot, bytes) => {
      checkSlot(slot, bytes);
      return objects.put(keys.slotKey(generation, slot.start), slot, bytes);
    },
    slot: async (generation, start) => {
      const key = keys.slotKey(generation, start);
      const found = await objects.metadata(key, slotMetadata, (slot) => expectStart(slot.start, start));
      if (found === undefined) return undefined;
      const { format: _format, stored: _stored, ...slot } = found;
      return slot;
    },
    slotBytes: (generation, start) => objects.bytes(keys.slotKey(generation, start), chunkMetadata, start),
    slotStarts: (generation) => objects.numbers(keys.generationPrefix(generation)),
  };
}

function sealedOf(objects: TypedObjects): Pick<Archive, 'putSealed' | 'sealedParts' | 'sealedBytes'> {
  const read = async (generation: GenerationId, from: number): Promise<SealedPart> => {
    const key = keys.sealedKey(generation, from);
    const found = await objects.metadata(key, sealedMetadata, (part) => expectStart(part.start, from));
    const { start, end, sha256, last } = listed(found, key);
    return { start, end, sha256, last };
  };
  return {
    putSealed: async (generation, part, bytes) => {
      if (bytes.length !== part.end - part.start) {
        throw new RangeError(`sealed part [${part.start}, ${part.end}) with ${bytes.length} bytes`);
      }
      return objects.put(keys.sealedKey(generation, part.start), { type: 'sealed', ...part }, bytes);
    },
    sealedParts: async (generation) => {
      const starts = await objects.numbers(keys.sealedPrefix(generation));
      const parts = await mapLimited(starts, READS_AT_ONCE, (start) => read(generation, start));
      return completeCopy(parts);
    },
    sealedBytes: (generation, start) => objects.bytes(keys.sealedKey(generation, start), sealedMetadata, start),
  };
}

/** An object that a listing named can only be missing when somebody deletes objects behind our back. */
function listed<T>(found: T | undefined, what: string): T {
  if (found !== undefined) return found;
  throw new Failure(
    'ARCHIVE_UNAVAILABLE',
    `The archive lists ${what}, but does not have it. Is somebody deleting in it?`,
  );
}

/** A slot that could never be read, or would lead a chain in circles, is a bug of the writer. */
function checkSlot(slot: Slot, bytes: Uint8Array): void {
  const length = slot.end - slot.start;
  const possible = slot.type === 'end' ? length === 0 : length > 0;
  if (!possible || bytes.length !== (slot.type === 'chunk' ? length : 0)) {
    throw new RangeError(`${slot.type} slot [${slot.start}, ${slot.end}) with ${bytes.length} bytes`);
  }
}

/** The parts from the first byte to the last, if all are there. Of two writers that cut differently, parts may be left over. */
function completeCopy(parts: readonly SealedPart[]): SealedPart[] {
  const copy: SealedPart[] = [];
  for (const part of parts) {
    if (part.start === (copy.at(-1)?.end ?? 0)) copy.push(part);
    if (copy.at(-1)?.last) return copy;
  }
  return [];
}
