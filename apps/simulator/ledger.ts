import { createHash } from 'node:crypto';
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

export function createLedger(
  fleet: Fleet,
  calls: { readonly byAction: ReadonlyMap<string, number>; readonly throttled: number },
): Ledger {
  const digests = new WeakMap<Generation, { version: string; sha256: string }>();
  const digestOf = async (generation: Generation) => {
    const { size, lastWritten } = generation;
    const version = `${size}/${lastWritten}`;
    const known = digests.get(generation);
    if (known?.version === version) return { size, sha256: known.sha256 };
    const sha256 = await hashBytes(generation, size);
    if (sha256 !== null) digests.set(generation, { version, sha256 });
    return { size, sha256 };
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
  return async () => {
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
}

async function hashBytes(generation: Generation, size: number): Promise<string | null> {
  const reader = await generation.content.open();
  if (!reader) return null;
  try {
    const hash = createHash('sha256');
    for (let offset = 0; offset < size; ) {
      const chunk = await reader.read(offset, Math.min(HASH_CHUNK_BYTES, size - offset));
      if (chunk.length === 0) return null;
      hash.update(chunk);
      offset += chunk.length;
    }
    return hash.digest('hex');
  } finally {
    await reader.close();
  }
}
