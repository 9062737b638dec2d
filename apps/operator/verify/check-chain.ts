import { continuesChain, genesisChain } from '../../shared/archive/chain-hash.ts';
import { isFailure } from '../../shared/failure.ts';
import type { GenerationId } from '../../shared/log-file.ts';
import type { Archive, LostSlot, Registration, Slot } from '../../shared/ports/archive.ts';
import type { ChainState } from '../../shared/ports/positions.ts';
import type { ProblemList } from './findings.ts';

/** What an archived generation came to when all its objects were read. */
export interface ChainFound {
  readonly state: ChainState;
  /** Where its own bytes begin: not 0 for a generation that continues another, unless it was sealed. */
  readonly base: number;
  /** Where what can be read ends. */
  readonly end: number;
  /** False where the last slot is too damaged to say how far it went: what else is missing cannot be told. */
  readonly isEndKnown: boolean;
  readonly sealed: boolean;
  readonly lost: LostSlot | undefined;
  /** Own bytes that are there and have their digest. */
  readonly bytes: number;
  /** Bytes that two slots hold. */
  readonly duplicated: number;
  readonly lastFileName: string;
  /** The first KiB; fewer bytes where the file is shorter, damaged, or continues another. */
  readonly head: Buffer;
}

/** Less can be equal without being the same file: Aurora begins every log with the same lines. */
export const HEAD_BYTES = 1024;

interface Deps {
  readonly archive: Archive;
  readonly problems: ProblemList;
  readonly onBytes: (bytes: number) => void;
}

/** Reads every object of a generation and notes all that is wrong, going on behind it. */
export async function checkChain(deps: Deps, generation: GenerationId, of: Registration): Promise<ChainFound> {
  const chain = await walk(deps, generation, of, new Head());
  const head = new Head();
  const sealed = await checkSealed(deps, generation, head);
  if (sealed === undefined) return chain;
  return { ...chain, sealed: true, isEndKnown: true, base: 0, end: sealed.end, bytes: sealed.bytes, head: head.bytes };
}

/** How far a walk along a chain has come. */
interface Walk {
  end: number;
  /** False behind a slot whose metadata cannot be read. */
  isEndKnown: boolean;
  bytes: number;
  duplicated: number;
  /** Undefined behind a slot that cannot be read: what its chain hash was is not known. */
  chain: string | undefined;
  closed: Slot | undefined;
  lastFileName: string;
}

async function walk(deps: Deps, generation: GenerationId, of: Registration, head: Head): Promise<ChainFound> {
  const base = of.continues?.offset ?? 0;
  const walked: Walk = {
    end: base,
    isEndKnown: true,
    bytes: 0,
    duplicated: 0,
    chain: genesisChain(generation),
    closed: undefined,
    lastFileName: of.fileName,
  };
  for (const start of await deps.archive.slotStarts(generation)) {
    const slot = await noting(deps, { from: start }, () => deps.archive.slot(generation, start));
    notePlace(walked, start, slot?.end ?? start, deps.problems);
    walked.isEndKnown = slot !== undefined;
    if (slot === undefined) walked.chain = undefined;
    else take(walked, slot, await isWhole(deps, generation, slot, head), deps.problems);
  }
  const { closed, end, isEndKnown, bytes, duplicated, lastFileName } = walked;
  const lost = closed?.type === 'lost' ? closed : undefined;
  const state = closed === undefined ? 'open' : closed.type === 'lost' ? 'lost' : 'closed';
  return { state, base, end, isEndKnown, sealed: false, lost, bytes, duplicated, lastFileName, head: head.bytes };
}

/** Whether a slot is where one may be: right behind the one before it. */
function notePlace(walked: Walk, start: number, slotEnd: number, problems: ProblemList): void {
  const { end, closed } = walked;
  if (closed !== undefined) {
    problems.add('stray', `a slot at ${start} is behind the end of the chain`, { from: start, to: slotEnd });
  } else if (start > end) {
    problems.add('gap', `bytes ${end} to ${start} are missing in the chain`, { from: end, to: start });
  } else if (start < end && slotEnd > start) {
    const to = Math.min(slotEnd, end);
    problems.add('overlap', `bytes ${start} to ${to} are in two slots`, { from: start, to });
  }
}

function take(walked: Walk, slot: Slot, whole: boolean, problems: ProblemList): void {
  const { start, end } = slot;
  if (start === walked.end && walked.chain !== undefined && !continuesChain(walked.chain, slot)) {
    problems.add('chain-broken', `the slot at ${start} does not continue the one before it`, { from: start, to: end });
  }
  if (slot.type === 'chunk') {
    walked.duplicated += Math.max(0, Math.min(end, walked.end) - start);
    if (whole) walked.bytes += Math.max(0, end - Math.max(start, walked.end));
    walked.end = Math.max(walked.end, end);
  } else {
    walked.closed = slot;
  }
  walked.chain = slot.chain;
  walked.lastFileName = slot.fileName;
}

/** Whether the bytes of a slot are there and have their digest; slots without bytes are whole. */
async function isWhole(deps: Deps, generation: GenerationId, slot: Slot, head: Head): Promise<boolean> {
  if (slot.type !== 'chunk') return true;
  const { start, end } = slot;
  const bytes = await noting(deps, { from: start, to: end }, () => deps.archive.slotBytes(generation, start));
  if (bytes === undefined) return false;
  head.add(start, bytes);
  deps.onBytes(bytes.length);
  return true;
}

async function checkSealed(deps: Deps, generation: GenerationId, head: Head) {
  const parts = (await noting(deps, {}, () => deps.archive.sealedParts(generation))) ?? [];
  let bytes = 0;
  for (const { start, end } of parts) {
    const read = await noting(deps, { from: start, to: end }, () => deps.archive.sealedBytes(generation, start));
    if (read === undefined) continue;
    head.add(start, read);
    bytes += read.length;
    deps.onBytes(read.length);
  }
  const last = parts.at(-1);
  return last === undefined ? undefined : { end: last.end, bytes };
}

/** Collects the first bytes of a file from pieces in order. */
class Head {
  bytes: Buffer = Buffer.alloc(0);

  add(start: number, piece: Buffer): void {
    if (start !== this.bytes.length || start >= HEAD_BYTES) return;
    this.bytes = Buffer.concat([this.bytes, piece.subarray(0, HEAD_BYTES - start)]);
  }
}

/** Damage is a finding; that the archive cannot be asked is not, and ends the work. */
async function noting<T>(deps: Deps, range: { from?: number; to?: number }, read: () => Promise<T>) {
  try {
    return await read();
  } catch (error) {
    if (!isFailure(error, 'ARCHIVE_CORRUPT')) throw error;
    deps.problems.add('corrupt', error.message, range);
    return undefined;
  }
}
