import { createHash } from 'node:crypto';
import { chainHash, genesisChain, slotDigest } from '../archive/chain-hash.ts';
import type { GenerationId } from '../log-file.ts';
import type { Archive, Registration } from '../ports/archive.ts';

/** Writes generations into an archive as a processor does, for tests of those who read it. */
export interface TestGeneration {
  readonly generation: GenerationId;
  /** Appends one slot. */
  append(bytes: string | Uint8Array): Promise<TestGeneration>;
  end(): Promise<TestGeneration>;
  lose(bytes: number, reason: string): Promise<TestGeneration>;
  /** Stores this as the complete file, in one part. */
  seal(bytes: string): Promise<TestGeneration>;
}

export async function writeGeneration(
  archive: Archive,
  generation: GenerationId,
  registration: Partial<Registration> & { fileName: string },
): Promise<TestGeneration> {
  const { fileName } = registration;
  const written = { fileName, writtenAt: registration.registeredAt ?? 0, writer: 'test' };
  let end = registration.continues?.offset ?? 0;
  let chain = genesisChain(generation);
  const defaults = { head: Buffer.alloc(0), instanceId: 'orders-1', engine: 'aurora-mysql', registeredAt: 0 };
  await archive.register(generation, { ...defaults, ...registration, seq: generation.seq });

  const self: TestGeneration = {
    generation,
    append: async (content) => {
      const bytes = Buffer.from(content);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const start = end;
      end += bytes.length;
      chain = chainHash(chain, sha256);
      const slot = { ...written, type: 'chunk' as const, start, end, sha256, chain, marker: `0:${end}` };
      await archive.putSlot(generation, slot, bytes);
      return self;
    },
    end: async () => {
      const slot = { ...written, type: 'end' as const, start: end, end };
      chain = chainHash(chain, slotDigest(slot));
      await archive.putSlot(generation, { ...slot, chain }, Buffer.alloc(0));
      return self;
    },
    lose: async (bytes, reason) => {
      const slot = { ...written, type: 'lost' as const, start: end, end: end + bytes, reason };
      chain = chainHash(chain, slotDigest(slot));
      await archive.putSlot(generation, { ...slot, chain }, Buffer.alloc(0));
      return self;
    },
    seal: async (content) => {
      const bytes = Buffer.from(content);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await archive.putSealed(generation, { start: 0, end: bytes.length, sha256, last: true }, bytes);
      return self;
    },
  };
  return self;
}
