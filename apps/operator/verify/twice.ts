import { createHash } from 'node:crypto';
import { readGeneration } from '../../shared/archive/read-chain.ts';
import { type GenerationId, isNameForLife, nameFamily } from '../../shared/log-file.ts';
import type { Archive, Registration } from '../../shared/ports/archive.ts';
import { HEAD_BYTES } from './check-chain.ts';

/** The generations of one series by how they begin, to find a file that was registered twice. */
export class SameBeginnings {
  readonly #seen = new Map<string, { seq: number; fileName: string }>();

  /** An older generation that could be the same file, by its first KiB and a name that RDS renames into the other. */
  find({ seq, fileName }: Registration, head: Buffer): number | undefined {
    if (head.length < HEAD_BYTES) return undefined;
    const key = `${nameFamily(fileName)} ${createHash('sha256').update(head).digest('hex')}`;
    const older = this.#seen.get(key);
    if (older === undefined) this.#seen.set(key, { seq, fileName });
    // A name for life is one file; another such name is another file, however equal.
    else if (older.fileName === fileName || !isNameForLife(older.fileName)) return older.seq;
    return undefined;
  }
}

/** How many bytes at their beginning two generations have in common. One slot of each is in memory. */
export async function bytesInBoth(archive: Archive, one: GenerationId, other: GenerationId): Promise<number> {
  const others = bytesOf(archive, other);
  let common = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const { bytes } of readGeneration(archive, one)) {
    for (let at = 0; at < bytes.length; ) {
      if (rest.length === 0) {
        const next = await others.next();
        if (next.done === true) return common;
        rest = next.value;
      }
      const length = Math.min(rest.length, bytes.length - at);
      const equal = equalBytes(bytes.subarray(at, at + length), rest.subarray(0, length));
      common += equal;
      if (equal < length) return common;
      rest = rest.subarray(length);
      at += length;
    }
  }
  return common;
}

async function* bytesOf(archive: Archive, generation: GenerationId): AsyncGenerator<Buffer> {
  for await (const { bytes } of readGeneration(archive, generation)) if (bytes.length > 0) yield bytes;
}

function equalBytes(one: Buffer, other: Buffer): number {
  if (one.equals(other)) return one.length;
  return one.findIndex((byte, index) => byte !== other[index]);
}
