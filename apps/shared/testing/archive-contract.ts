import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createArchive } from '../archive/archive.ts';
import { chainHash, genesisChain, slotDigest } from '../archive/chain-hash.ts';
import { namesPrefix, registrationKey, sealedKey, slotKey } from '../archive/keys.ts';
import type { ObjectStore } from '../archive/object-store.ts';
import { isFailure } from '../failure.ts';
import type { GenerationId, LogSeries } from '../log-file.ts';
import type { Archive, ChunkSlot, Registration } from '../ports/archive.ts';

/** A store to test, and how to damage what it holds behind its back. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** Replaces the object by these bytes, which no writer of ours could. */
  overwrite(key: string, bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** A chunk slot as a writer makes it. */
export function chunkSlot(generation: GenerationId, start: number, bytes: Uint8Array, previous?: string): ChunkSlot {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    type: 'chunk',
    start,
    end: start + bytes.length,
    sha256,
    chain: chainHash(previous ?? genesisChain(generation), sha256),
    marker: `7:${start + bytes.length}`,
    fileName: 'slowquery/mysql-slowquery.log',
    writtenAt: 1_790_000_000_000,
    writer: 'test',
  };
}

/** What every `Archive` promises, whatever it stores its objects in. */
export function describeArchive(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`an archive in ${name}`, () => {
    let under: StoreUnderTest;
    let archive: Archive;
    let series: LogSeries;
    let generation: GenerationId;
    let count = 0;

    beforeAll(async () => {
      under = await make();
      archive = createArchive(under.store);
    }, 300_000);
    afterAll(async () => under?.close());

    const fresh = () => {
      count += 1;
      series = { accountId: '123456789012', region: 'eu-west-1', resourceId: `db-${count}`, kind: 'slowquery' };
      generation = { ...series, seq: 1 };
    };
    const registration = (seq: number, more: Partial<Registration> = {}): Registration => ({
      seq,
      fileName: 'slowquery/mysql-slowquery.log',
      head: Buffer.from('/rdsdbbin/oscar/bin/mysqld, Version'),
      instanceId: 'orders-1',
      engine: 'aurora-mysql',
      registeredAt: 1_790_000_000_000,
      ...more,
    });
    const put = (start: number, bytes: Uint8Array) =>
      archive.putSlot(generation, chunkSlot(generation, start, bytes), bytes);
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'no failure',
        (error) => (isFailure(error) ? error.code : error),
      );

    it('gives back a slot and its bytes as they were put', async () => {
      fresh();
      const bytes = Buffer.from('# Time: 2026-11-21\n\0\xff\r\n', 'latin1');
      expect(await put(0, bytes)).toBe('created');
      expect(await archive.slot(generation, 0)).toEqual(chunkSlot(generation, 0, bytes));
      expect(await archive.slotBytes(generation, 0)).toEqual(bytes);
    });

    it('knows nothing of what was never put', async () => {
      fresh();
      expect(await archive.slot(generation, 0)).toBeUndefined();
      expect(await archive.slotStarts(generation)).toEqual([]);
      expect(await archive.registrations(series)).toEqual([]);
      expect(await archive.registration(series, 1)).toBeUndefined();
      expect(await archive.names(generation)).toEqual([]);
      expect(await archive.sealedParts(generation)).toEqual([]);
      expect(await codeOf(archive.slotBytes(generation, 0))).toBe('NOT_FOUND');
    });

    it('lets exactly one of twenty writers of the same slot win, and keeps its bytes', async () => {
      fresh();
      const bodies = Array.from({ length: 20 }, () => randomBytes(50_000));
      const outcomes = await Promise.all(bodies.map((body) => put(0, body)));
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      const winner = bodies[outcomes.indexOf('created')];
      expect(await archive.slotBytes(generation, 0)).toEqual(winner);
    });

    it('lets exactly one of twenty writers register a generation', async () => {
      fresh();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => archive.register(series, registration(1, { instanceId: `writer-${i}` }))),
      );
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      const kept = await archive.registration(series, 1);
      expect(kept?.instanceId).toBe(`writer-${outcomes.indexOf('created')}`);
    });

    it('never replaces a slot, also not by an end', async () => {
      fresh();
      await put(0, Buffer.from('first'));
      const end = { ...chunkSlot(generation, 0, Buffer.alloc(0)), type: 'end' as const };
      expect(await archive.putSlot(generation, end, Buffer.alloc(0))).toBe('exists');
      expect((await archive.slot(generation, 0))?.type).toBe('chunk');
    });

    it('keeps a slot of 16 MiB that does not compress', async () => {
      fresh();
      const bytes = randomBytes(16 * 1024 * 1024);
      expect(await put(0, bytes)).toBe('created');
      expect((await archive.slotBytes(generation, 0)).equals(bytes)).toBe(true);
    });

    it('keeps end and lost slots, which have no bytes', async () => {
      fresh();
      const { sha256: _sha256, marker: _marker, ...base } = chunkSlot(generation, 0, Buffer.alloc(0));
      await archive.putSlot(generation, { ...base, type: 'end' }, Buffer.alloc(0));
      const reason = 'deleted at the source';
      const lost = { ...base, type: 'lost' as const, end: 900, reason };
      const other = { ...generation, seq: 2 };
      await archive.putSlot(other, { ...lost, chain: chainHash(base.chain, slotDigest(lost)) }, Buffer.alloc(0));
      expect(await archive.slot(generation, 0)).toMatchObject({ type: 'end', start: 0, end: 0 });
      expect(await archive.slot(other, 0)).toMatchObject({ type: 'lost', end: 900, reason });
      expect(await codeOf(archive.slotBytes(other, 0))).toBe('ARCHIVE_CORRUPT');
    });

    it('refuses slots that no reader could follow', async () => {
      fresh();
      const slot = chunkSlot(generation, 0, Buffer.from('abc'));
      await expect(archive.putSlot(generation, { ...slot, end: 4 }, Buffer.from('abc'))).rejects.toThrow(RangeError);
      await expect(archive.putSlot(generation, { ...slot, end: 0 }, Buffer.alloc(0))).rejects.toThrow(RangeError);
      expect(await archive.slotStarts(generation)).toEqual([]);
    });

    it('lists slot starts in order, apart from names and sealed parts', async () => {
      fresh();
      for (const start of [1_000_000, 0, 20, 3]) await put(start, Buffer.from('x'));
      await archive.addName(generation, { fileName: 'slowquery/mysql-slowquery.log.2026-11-21.02', seenAt: 5 });
      await archive.putSealed(generation, { start: 0, end: 1, sha256: digest('x'), last: true }, Buffer.from('x'));
      expect(await archive.slotStarts(generation)).toEqual([0, 3, 20, 1_000_000]);
    });

    it('lists more slots than one page holds', async () => {
      fresh();
      const starts = Array.from({ length: 1_050 }, (_, i) => i * 7);
      for (let i = 0; i < starts.length; i += 50) {
        await Promise.all(starts.slice(i, i + 50).map((start) => put(start, Buffer.from('1234567'))));
      }
      expect(await archive.slotStarts(generation)).toEqual(starts);
    }, 60_000);

    it('gives registrations in order, with heads of any bytes', async () => {
      fresh();
      const third = registration(3, { head: randomBytes(1024), continues: { seq: 1, offset: 77 } });
      for (const one of [third, registration(1), registration(2, { head: Buffer.alloc(0) })]) {
        expect(await archive.register(series, one)).toBe('created');
      }
      expect(await archive.registrations(series)).toEqual([
        registration(1),
        registration(2, { head: Buffer.alloc(0) }),
        third,
      ]);
    });

    it('keeps any file name, in its place', async () => {
      fresh();
      const names = [
        '../../../etc/passwd',
        '..',
        '.',
        '',
        '/',
        'a/b',
        'ä/\u{1F600}\n',
        'A'.repeat(1024),
        'ß'.repeat(500),
      ];
      for (const [index, fileName] of names.entries()) {
        await archive.addName(generation, { fileName, seenAt: index });
        await archive.addName(generation, { fileName, seenAt: 99 });
      }
      expect((await archive.names(generation)).map((name) => name.fileName)).toEqual(names);
      for await (const key of under.store.list('')) expect(key).toMatch(/^v1\/[ -~]+$/);
      for await (const key of under.store.list(namesPrefix(generation))) expect(key.length).toBeLessThan(300);
    });

    it.each(['..', '../x', 'a/b', '', '.hidden', 'a\0b'])('refuses the resource id %j', async (resourceId) => {
      const hostile = { ...generation, resourceId };
      expect(await codeOf(archive.putSlot(hostile, chunkSlot(generation, 0, Buffer.from('x')), Buffer.from('x')))).toBe(
        'USAGE',
      );
    });

    it('names every series that has a registration, and no other', async () => {
      fresh();
      const found = async () => {
        const all = [];
        for await (const one of archive.series()) if (one.resourceId.startsWith('db-series')) all.push(one);
        return all;
      };
      const of = (resourceId: string, kind: LogSeries['kind']) => ({ ...series, resourceId, kind });
      // "-" sorts before "/": a walk by folder would give another order than a listing of keys.
      const all = [of('db-series', 'error'), of('db-series', 'slowquery'), of('db-series-2', 'general')];
      for (const one of all) for (const seq of [1, 2]) await archive.register(one, registration(seq));
      const unregistered = { ...of('db-series', 'audit'), seq: 1 };
      await archive.putSlot(unregistered, chunkSlot(unregistered, 0, Buffer.from('x')), Buffer.from('x'));
      const sorted = (some: LogSeries[]) => some.map((one) => `${one.resourceId}/${one.kind}`).sort();
      expect(sorted(await found())).toEqual(sorted(all));
    });

    it('shows a sealed copy only when it is complete', async () => {
      fresh();
      const part = (start: number, text: string, last: boolean) => ({
        start,
        end: start + text.length,
        sha256: digest(text),
        last,
      });
      await archive.putSealed(generation, part(0, 'abc', false), Buffer.from('abc'));
      expect(await archive.sealedParts(generation)).toEqual([]);
      await archive.putSealed(generation, part(5, 'fg', true), Buffer.from('fg'));
      expect(await archive.sealedParts(generation)).toEqual([]);
      expect(await archive.putSealed(generation, part(3, 'de', false), Buffer.from('de'))).toBe('created');
      expect(await archive.sealedParts(generation)).toHaveLength(3);
      expect((await archive.sealedBytes(generation, 3)).toString()).toBe('de');
    });

    it('shows one whole sealed copy where two writers cut it differently', async () => {
      fresh();
      const text = 'abcdefghij';
      for (const [start, end] of [
        [0, 4],
        [4, 8],
        [8, 10],
        [6, 9],
        [9, 10],
      ] as const) {
        const bytes = text.slice(start, end);
        const part = { start, end, sha256: digest(bytes), last: end === text.length };
        await archive.putSealed(generation, part, Buffer.from(bytes));
      }
      const parts = await archive.sealedParts(generation);
      const bytes = await Promise.all(parts.map((part) => archive.sealedBytes(generation, part.start)));
      expect(Buffer.concat(bytes).toString()).toBe(text);
    });

    it('keeps the sealed copy of an empty file', async () => {
      fresh();
      await archive.putSealed(generation, { start: 0, end: 0, sha256: digest(''), last: true }, Buffer.alloc(0));
      expect(await archive.sealedParts(generation)).toHaveLength(1);
      expect(await archive.sealedBytes(generation, 0)).toEqual(Buffer.alloc(0));
    });

    describe('that somebody damaged', () => {
      const damaged = async (key: string, damage: (object: Buffer) => Buffer) => {
        const object = await under.store.get(key);
        if (object === undefined) throw new Error(`nothing at ${key}`);
        await under.overwrite(key, damage(Buffer.from(object)));
      };
      const flip = (at: number) => (object: Buffer) => {
        const index = at < 0 ? object.length + at : at;
        object[index] = (object[index] ?? 0) ^ 0x10;
        return object;
      };
      const text = Buffer.from('select * from orders;\n'.repeat(2_000));

      it.each([
        ['a flipped byte of the magic', flip(0)],
        ['a flipped byte of the length', flip(5)],
        ['a flipped byte of the metadata', flip(60)],
        ['a flipped byte in the data', flip(-20)],
        ['a flipped last byte', flip(-1)],
        ['a lost half', (object: Buffer) => object.subarray(0, object.length / 2)],
        ['a lost byte', (object: Buffer) => object.subarray(0, -1)],
        ['all lost but some bytes', (object: Buffer) => object.subarray(0, 5)],
        ['all lost', () => Buffer.alloc(0)],
        ['more bytes at its end', (object: Buffer) => Buffer.concat([object, Buffer.from('more')])],
      ])('finds %s in a slot, and names the object', async (_what, damage) => {
        fresh();
        await put(0, text);
        const key = slotKey(generation, 0);
        await damaged(key, damage);
        const failure = await archive.slotBytes(generation, 0).catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: 'ARCHIVE_CORRUPT' });
        expect((failure as Error).message).toContain(under.store.describe(key));
      });

      it('finds a slot that was copied to another offset', async () => {
        fresh();
        await put(0, text);
        await put(text.length, text);
        const other = await under.store.get(slotKey(generation, 0));
        await under.overwrite(slotKey(generation, text.length), other ?? Buffer.alloc(0));
        expect(await codeOf(archive.slotBytes(generation, text.length))).toBe('ARCHIVE_CORRUPT');
        expect(await codeOf(archive.slot(generation, text.length))).toBe('ARCHIVE_CORRUPT');
      });

      it('finds damage in registrations and sealed parts', async () => {
        fresh();
        await archive.register(series, registration(1));
        await archive.putSealed(
          generation,
          { start: 0, end: 3, sha256: digest('abc'), last: true },
          Buffer.from('abc'),
        );
        await damaged(registrationKey(generation), flip(40));
        await damaged(sealedKey(generation, 0), flip(-2));
        expect(await codeOf(archive.registrations(series))).toBe('ARCHIVE_CORRUPT');
        expect(await codeOf(archive.sealedBytes(generation, 0))).toBe('ARCHIVE_CORRUPT');
      });
    });
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
