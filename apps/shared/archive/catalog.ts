import type { GenerationId, LogSeries } from '../log-file.ts';
import type { Archive, Registration, SeenName, Slot } from '../ports/archive.ts';
import type { ChainState } from '../ports/positions.ts';

/** One physical file as the archive knows it, without its bytes. */
export interface ArchivedFile {
  readonly generation: GenerationId;
  readonly registration: Registration;
  /** Every name it was seen under, in order of time. */
  readonly names: readonly SeenName[];
  readonly state: ChainState;
  /** There is a complete sealed copy, which counts in place of the chain. */
  readonly sealed: boolean;
  /** Bytes that count, those of generations that it continues among them. */
  readonly bytes: number;
  /** Bytes [start, end) that were gone at the source before they could be read. */
  readonly lost?: { readonly start: number; readonly end: number; readonly reason: string };
}

/** Looks a registered generation up: one listing of its slots and one read of the last, not of all. */
export async function lookUp(archive: Archive, series: LogSeries, registration: Registration): Promise<ArchivedFile> {
  const { accountId, region, resourceId, kind } = series;
  const generation = { accountId, region, resourceId, kind, seq: registration.seq };
  const lastStart = (await archive.slotStarts(generation)).at(-1);
  const last = lastStart === undefined ? undefined : await archive.slot(generation, lastStart);
  const sealed = await archive.sealedParts(generation);
  const chainEnd = endOfBytes(last) ?? registration.continues?.offset ?? 0;
  return {
    generation,
    registration,
    names: uniqueNames(registration, await archive.names(generation), last),
    state: stateAfter(last),
    sealed: sealed.length > 0,
    bytes: sealed.at(-1)?.end ?? chainEnd,
    ...(last?.type === 'lost' ? { lost: { start: last.start, end: last.end, reason: last.reason } } : {}),
  };
}

function endOfBytes(last: Slot | undefined): number | undefined {
  return last?.type === 'lost' ? last.start : last?.end;
}

function stateAfter(last: Slot | undefined): ChainState {
  if (last?.type === 'end') return 'closed';
  return last?.type === 'lost' ? 'lost' : 'open';
}

/** A name that a writer was killed before adding is still in the slot it wrote. */
function uniqueNames(registration: Registration, added: readonly SeenName[], last: Slot | undefined): SeenName[] {
  const all = [{ fileName: registration.fileName, seenAt: registration.registeredAt }, ...added];
  if (last !== undefined) all.push({ fileName: last.fileName, seenAt: last.writtenAt });
  const first = new Map<string, SeenName>();
  for (const name of all.sort((a, b) => a.seenAt - b.seenAt)) {
    if (!first.has(name.fileName)) first.set(name.fileName, name);
  }
  return [...first.values()];
}
