import { describe, expect, it } from '@jest/globals';
import { ACTIVE, createWorld, HEADER } from './testing/world.ts';

const DATED = 'error/postgresql.log.2026-01-02-0300';
const lines = (word: string, count: number) => Array.from({ length: count }, (_, n) => `${word} ${n}\n`).join('');
const MINUTE = 60_000;

/** A file under a dated name, archived; then another file in its place, which RDS does not do. */
async function replaced(sampleRate: number, { marker, count }: { marker: boolean; count: number }) {
  const world = createWorld({ settings: { sampleRate } });
  const first = world.create(DATED, lines('first', 1000));
  await world.shipAll(DATED);
  if (marker) {
    world.append(first, 'goes on\n');
    world.pass(MINUTE);
    await world.shipAll(DATED);
  }
  const firstBytes = world.bytesOf(first);
  world.remove(first);
  const second = world.create(DATED, lines('second', count));
  world.pass(MINUTE);
  await world.shipAll(DATED);
  return { world, firstBytes, second };
}

describe('a name with a date that lies', () => {
  it.each([
    ['a complete download', { marker: false, count: 800_000 }],
    ['the bytes before a marker that had to be made', { marker: false, count: 1500 }],
  ])('is found out by %s: the file in its place is a generation of its own', async (_, how) => {
    const { world, firstBytes, second } = await replaced(0, how);
    expect(await world.archive.registrations(world.series(DATED))).toHaveLength(2);
    expect((await world.restored(DATED, 1)).equals(firstBytes)).toBe(true);
    expect((await world.restored(DATED, 2)).equals(world.bytesOf(second))).toBe(true);
  });

  it('is found out at closing at last, where RDS went on from its own marker: the complete file is sealed', async () => {
    const { world, second } = await replaced(1, { marker: true, count: 1500 });
    world.pass(15 * MINUTE);
    await world.shipAll(DATED);
    const sealedSize = world.bytesOf(second).length;
    expect(await world.positions.generations(world.series(DATED))).toMatchObject([{ state: 'closed', sealedSize }]);
    expect((await world.restored(DATED, 1)).equals(world.bytesOf(second))).toBe(true);
  });
});

describe('a file that holds no record yet', () => {
  it('waits under an active name, so that it cannot be taken for the file that was there before', async () => {
    const world = createWorld();
    const file = world.create(ACTIVE, HEADER);
    expect(await world.ship(ACTIVE)).toMatchObject({ outcome: 'waiting-for-record' });
    expect(await world.archive.registrations(world.series(ACTIVE))).toEqual([]);
    world.append(file, '# Time: 2026-01-02T03:00:00.000000Z\n');
    world.pass(MINUTE);
    await world.shipAll(ACTIVE);
    expect((await world.restored(ACTIVE, 1)).equals(world.bytesOf(file))).toBe(true);
  });

  it('is archived when everything is wanted now, and when its name is final', async () => {
    const once = createWorld({ settings: { untilDone: true } });
    const active = once.create(ACTIVE, HEADER);
    await once.shipAll(ACTIVE);
    expect((await once.restored(ACTIVE, 1)).equals(once.bytesOf(active))).toBe(true);

    const following = createWorld();
    const rotated = `${ACTIVE}.2026-01-02.03`;
    const file = following.create(rotated, HEADER);
    await following.shipAll(rotated);
    expect((await following.restored(rotated, 1)).equals(following.bytesOf(file))).toBe(true);
  });
});

describe('a MySQL file that begins as one in the archive', () => {
  it('is taken for that one when it holds all that is known of it: nothing tells them apart', async () => {
    const world = createWorld();
    const old = world.create(ACTIVE, `${HEADER}same record\n`);
    await world.shipAll(ACTIVE);
    world.remove(old);
    const fresh = world.create(ACTIVE, `${HEADER}same record\nanother\n`);
    world.pass(MINUTE);
    await world.shipAll(ACTIVE);
    expect(await world.archive.registrations(world.series(ACTIVE))).toHaveLength(1);
    expect((await world.restored(ACTIVE, 1)).equals(world.bytesOf(fresh))).toBe(true);
  });
});
