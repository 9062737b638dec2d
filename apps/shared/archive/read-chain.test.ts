import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GenerationId } from '../log-file.ts';
import type { Archive, Slot } from '../ports/archive.ts';
import { chunkSlot } from '../testing/archive-contract.ts';
import { chainHash, genesisChain, slotDigest } from './chain-hash.ts';
import { slotKey } from './keys.ts';
import { openArchive } from './open-archive.ts';
import { readGeneration } from './read-chain.ts';

const NO_BYTES = Buffer.alloc(0);

describe('reading a generation', () => {
  let root: string;
  let archive: Archive;
  let generation: GenerationId;
  let count = 0;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'aurora-logs-chain-'));
    archive = await openArchive(root, { mode: 'write' });
  });
  afterAll(() => rm(root, { recursive: true }));
  beforeEach(() => {
    count += 1;
    generation = { accountId: '1', region: 'eu-west-1', resourceId: `db-${count}`, kind: 'general', seq: 1 };
  });

  const register = (seq: number, continues?: { seq: number; offset: number }) =>
    archive.register(generation, {
      seq,
      fileName: 'general/mysql-general.log',
      head: NO_BYTES,
      instanceId: 'orders-1',
      engine: 'aurora-mysql',
      registeredAt: 0,
      ...(continues ? { continues } : {}),
    });

  /** Writes texts as slots behind each other; answers where the chain then stands. */
  async function write(of: GenerationId, texts: readonly string[], base = 0) {
    let end = base;
    let chain = genesisChain(of);
    for (const text of texts) {
      const slot = chunkSlot(of, end, Buffer.from(text), chain);
      await archive.putSlot(of, slot, Buffer.from(text));
      ({ end, chain } = slot);
    }
    return { end, chain };
  }

  async function close(of: GenerationId, at: { end: number; chain: string }, lostTo?: number) {
    const common = { start: at.end, fileName: 'f', writtenAt: 0, writer: 'test' };
    const slot =
      lostTo === undefined
        ? { ...common, type: 'end' as const, end: at.end }
        : { ...common, type: 'lost' as const, end: lostTo, reason: 'deleted at the source' };
    const closed: Slot = { ...slot, chain: chainHash(at.chain, slotDigest(slot)) };
    await archive.putSlot(of, closed, NO_BYTES);
  }

  async function read(of: GenerationId, from = 0): Promise<string> {
    const parts = [];
    for await (const { start, end, bytes } of readGeneration(archive, of, from)) {
      expect(end - start).toBe(bytes.length);
      parts.push(bytes.toString());
    }
    return parts.join('');
  }

  it('gives the bytes of all slots in order, from any offset', async () => {
    await register(1);
    const texts = ['first;', 'second statement;', 'x', 'the last'];
    await close(generation, await write(generation, texts));
    const all = texts.join('');
    await fc.assert(
      fc.asyncProperty(fc.nat(all.length + 5), async (from) => {
        expect(await read(generation, from)).toBe(all.slice(from));
      }),
      { numRuns: 40 },
    );
  });

  it('gives nothing for an empty file, closed or not', async () => {
    await register(1);
    expect(await read(generation)).toBe('');
    await close(generation, { end: 0, chain: genesisChain(generation) });
    expect(await read(generation)).toBe('');
  });

  it('does not know a generation that was never registered', async () => {
    await expect(read(generation)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('ends before what was declared lost', async () => {
    await register(1);
    await close(generation, await write(generation, ['kept']), 900);
    expect(await read(generation)).toBe('kept');
  });

  it('begins with the bytes of the generation that it continues, and of those that one continues', async () => {
    const second = { ...generation, seq: 2 };
    const third = { ...generation, seq: 3 };
    await register(1);
    await register(2, { seq: 1, offset: 6 });
    await register(3, { seq: 2, offset: 9 });
    await close(generation, await write(generation, ['one', 'one']));
    await close(second, await write(second, ['two'], 6));
    await write(third, ['three'], 9);
    expect(await read(third)).toBe('oneonetwothree');
    expect(await read(third, 4)).toBe('netwothree');
    expect(await read(third, 9)).toBe('three');
  });

  it('gives a complete sealed copy in place of the chain', async () => {
    await register(1);
    await write(generation, ['wrong', ' bytes']);
    const part = (start: number, text: string, last: boolean) => {
      const { end, sha256 } = chunkSlot(generation, start, Buffer.from(text));
      return archive.putSealed(generation, { start, end, sha256, last }, Buffer.from(text));
    };
    await part(0, 'right', false);
    expect(await read(generation)).toBe('wrong bytes');
    await part(5, '!', true);
    expect(await read(generation)).toBe('right!');
    expect(await read(generation, 3)).toBe('ht!');
  });

  describe('with damage', () => {
    const corrupt = (what: RegExp) => ({ code: 'ARCHIVE_CORRUPT', message: expect.stringMatching(what) });

    beforeEach(async () => {
      await register(1);
    });

    it('refuses a gap', async () => {
      await write(generation, ['one', 'two', 'three']);
      await rm(join(root, slotKey(generation, 3)));
      await expect(read(generation)).rejects.toMatchObject(corrupt(/gap: the bytes from 3 to 6/));
    });

    it('refuses a missing beginning', async () => {
      await write(generation, ['one', 'two']);
      await rm(join(root, slotKey(generation, 0)));
      await expect(read(generation)).rejects.toMatchObject(corrupt(/gap: the bytes from 0 to 3/));
    });

    it('refuses a slot within another', async () => {
      await write(generation, ['one', 'two']);
      await archive.putSlot(generation, chunkSlot(generation, 4, Buffer.from('wo')), Buffer.from('wo'));
      await expect(read(generation)).rejects.toMatchObject(corrupt(/overlap: the slot at 4/));
    });

    it('refuses a slot that was exchanged for one of another chain', async () => {
      await write(generation, ['one']);
      const other = chunkSlot(generation, 3, Buffer.from('two'), genesisChain({ ...generation, seq: 2 }));
      await archive.putSlot(generation, other, Buffer.from('two'));
      await expect(read(generation)).rejects.toMatchObject(corrupt(/slot at 3 continues another chain/));
      await expect(read(generation, 4)).rejects.toMatchObject(corrupt(/slot at 3 continues another chain/));
    });

    it('refuses slots behind the end', async () => {
      const at = await write(generation, ['one']);
      await close(generation, at, 5);
      await archive.putSlot(generation, chunkSlot(generation, 5, Buffer.from('x'), at.chain), Buffer.from('x'));
      await expect(read(generation)).rejects.toMatchObject(corrupt(/although it was closed/));
    });

    it('refuses generations that continue themselves', async () => {
      const second = { ...generation, seq: 2 };
      await register(2, { seq: 2, offset: 5 });
      await expect(read(second)).rejects.toMatchObject(corrupt(/continues generation 2/));
    });
  });
});
