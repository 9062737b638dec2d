import { createHash, type Hash } from 'node:crypto';
import type { LogKind } from '../shared/log-file.ts';
import { logKind } from '../shared/log-file.ts';
import type { Fleet, SimulatedInstance } from './model/fleet.ts';
import { currentName, type Generation } from './model/generation.ts';

/** What was offered of one physical file. Times are milliseconds since 1970. */
export interface LedgerEntry {
  readonly instanceId: string;
  readonly resourceId: string;
  readonly clusterId: string;
  readonly engine: string;
  readonly kind: LogKind;
  /** Every name it had, oldest first. */
  readonly names: readonly { readonly name: string; readonly from: number }[];
  /** Bytes ever offered. */
  readonly size: number;
  /** Of those bytes, in hex; null when they were deleted from disk before they were hashed. */
  readonly sha256: string | null;
  readonly createdAt: number;
  readonly deletedAt: number | null;
}

export interface LedgerContent {
  readonly generations: readonly LedgerEntry[];
  readonly totals: {
    readonly instances: number;
    readonly generations: number;
    readonly bytes: number;
    readonly deleted: number;
    readonly rotations: number;
    readonly apiCalls: Readonly<Record<string, number>>;
    readonly throttled: number;
    /** False when the simulator will change no file any more. */
    readonly growing: boolean;
  };
}

/** Answers every byte that was offered so far, file by file. Files are hashed on demand, in a stream. */
export type Ledger = () => Promise<LedgerContent>;

const HASH_CHUNK_BYTES = 1024 * 1024;

interface Progress {
  /** What the file was like when it was hashed. */
  readonly version: string;
  readonly hash: Hash;
  readonly hashedBytes: number;
}

export function createLedger(
  fleet: Fleet,
  calls: { readonly byAction: ReadonlyMap<string, number>; readonly throttled: number },
): Ledger {
  const done = new WeakMap<Generation, Progress>();
  const digestOf = async (generation: Generation) => {
    const { size, lastWritten } = generation;
    const version = `${size}/${lastWritten}`;
    const known = done.get(generation);
    const goesOn = known?.version === version || fleet.appendOnly ? known : undefined;
    const hash = goesOn?.hash ?? createHash('sha256');
    const isWhole = await hashBytes(hash, generation, goesOn?.hashedBytes ?? 0, size);
    if (isWhole) done.set(generation, { version, hash, hashedBytes: size });
    else done.delete(generation);
    return { size, sha256: isWhole ? hash.copy().digest('hex') : null };
  };
  const entriesOf = async (instance: SimulatedInstance) => {
    const entries: LedgerEntry[] = [];
    for (const generation of (await fleet.volume(instance.instanceId))?.history() ?? []) {
      const { instanceId, resourceId, clusterId, engine } = instance;
      const { names, createdAt, deletedAt = null } = generation;
      const kind = logKind(currentName(generation));
      const digest = await digestOf(generation);
      entries.push({ instanceId, resourceId, clusterId, engine, kind, names, ...digest, createdAt, deletedAt });
    }
    return entries;
  };
  const read = async (): Promise<LedgerContent> => {
    // Asked first: what is said to have stopped growing is then hashed complete.
    const growing = fleet.growing();
    const instances = await fleet.instances();
    const generations: LedgerEntry[] = [];
    for (const instance of instances) generations.push(...(await entriesOf(instance)));
    return {
      generations,
      totals: {
        instances: instances.length,
        generations: generations.length,
        bytes: generations.reduce((sum, entry) => sum + entry.size, 0),
        deleted: generations.filter((entry) => entry.deletedAt !== null).length,
        rotations: fleet.rotations(),
        apiCalls: Object.fromEntries(calls.byAction),
        throttled: calls.throttled,
        growing,
      },
    };
  };
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    // One at a time: two would go on with the same hash.
    const next = last.then(read);
    last = next.catch(() => undefined);
    return next;
  };
}

/** Adds the bytes [from, to) to the hash; false when they are not there any more. */
async function hashBytes(hash: Hash, generation: Generation, from: number, to: number): Promise<boolean> {
  if (from === to) return true;
  const reader = await generation.content.open();
  if (!reader) return false;
  try {
    for (let offset = from; offset < to; ) {
      const chunk = await reader.read(offset, Math.min(HASH_CHUNK_BYTES, to - offset));
      if (chunk.length === 0) return false;
      hash.update(chunk);
      offset += chunk.length;
    }
    return true;
  } finally {
    await reader.close();
  }
}
