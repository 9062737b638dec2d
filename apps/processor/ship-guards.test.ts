import { describe, expect, it } from '@jest/globals';
import { ACTIVE, createWorld, HEADER } from './testing/world.ts';

const ROTATED = `${ACTIVE}.2026-01-02.03`;
const DATED = 'error/postgresql.log.2026-01-02-0300';

const lines = (word: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${word} ${index}\n`).join('');

describe('what guards a chain', () => {
  it('takes no renamed file for one that only begins alike: the last archived bytes must be at their place', async () => {
    const world = createWorld();
    const begin = HEADER + lines('the same beginning of both', 60);
    world.create(ACTIVE, begin + lines('one', 200));
    await world.shipAll(ACTIVE);
    const other = world.create(ROTATED, begin + lines('two', 300));
    expect(await world.shipAll(ROTATED)).toMatchObject({ seq: 2 });
    expect((await world.restored(ACTIVE, 2)).equals(world.bytesOf(other))).toBe(true);
  });

  it('takes no rotated file for one of which only the header is known, because every file begins with that', async () => {
    const world = createWorld({ settings: { untilDone: true } });
    const old = world.create(ACTIVE, HEADER);
    await world.shipAll(ACTIVE);
    world.append(old, lines('a record', 3));
    world.rename(old, ROTATED);
    expect(await world.shipAll(ROTATED)).toMatchObject({ seq: 2 });
    expect((await world.restored(ACTIVE, 2)).equals(world.bytesOf(old))).toBe(true);
  });

  it('does not begin to wait anew for a listing that is older than the last one', async () => {
    const world = createWorld();
    const file = world.create(DATED, lines('a', 3));
    const before = world.hint(DATED);
    world.pass(1000);
    world.append(file, lines('b', 3));
    await world.shipAll(DATED);
    const { changedAt } = (await world.positions.generation(world.series(DATED), 1))!;
    world.pass(60_000);
    await world.ship(DATED, { size: before.size, lastWritten: before.lastWritten });
    expect((await world.positions.generation(world.series(DATED), 1))!.changedAt).toBe(changedAt);
  });

  it('does not measure a new file by what was listed of the one that had its name', async () => {
    const world = createWorld();
    const old = world.create(ACTIVE, HEADER + lines('old', 500));
    await world.shipAll(ACTIVE);
    const listedBefore = world.hint(ACTIVE).size;
    world.rename(old, ROTATED);
    world.create(ACTIVE, HEADER + lines('new', 2));
    await world.ship(ACTIVE, { size: listedBefore });
    expect(await world.positions.generation(world.series(ACTIVE), 2)).toMatchObject({ listedSize: 0 });
  });

  it('tries portions again once a complete download has passed what they could not show', async () => {
    const world = createWorld({ settings: { untilDone: true } });
    const file = world.create(ACTIVE, HEADER + lines('text '.repeat(30), 80));
    await world.shipAll(ACTIVE);
    world.append(file, 'binary \0 here\n');
    world.pass(1000);
    await world.shipAll(ACTIVE);
    expect(await world.positions.generation(world.series(ACTIVE), 1)).toMatchObject({ wholeOnly: false });
    expect((await world.restored(ACTIVE, 1)).equals(world.bytesOf(file))).toBe(true);
  });

  it('says loudly when even the sealed copy is contradicted, and does not seal for ever', async () => {
    const world = createWorld({ settings: { sampleRate: 1 } });
    const file = world.create(DATED, lines('first', 20));
    await world.shipAll(DATED);
    world.overwrite(file, Buffer.from(lines('other', 20)));
    world.pass(15 * 60_000);
    expect(await world.ship(DATED)).toMatchObject({ more: true });
    world.overwrite(file, Buffer.from(lines('third', 20)));
    await expect(world.ship(DATED)).rejects.toMatchObject({ code: 'ARCHIVE_CORRUPT' });
  });
});
