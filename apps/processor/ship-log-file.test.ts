import { describe, expect, it } from '@jest/globals';
import { Failure } from '../shared/failure.ts';
import { createMemoryPositions } from '../shared/testing/memory-positions.ts';
import { ACTIVE, createWorld, HEADER, type World } from './testing/world.ts';

function statements(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    return `# Time: 2026-01-02T03:00:${String(n % 60).padStart(2, '0')}.000000Z\n# User@Host: app[app] @  [10.0.0.1]  Id: ${n}\n# Query_time: 0.000192  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: ${n}\nSET timestamp=1767322800;\nselect ${n};\n`;
  }).join('');
}

const ROTATED = `${ACTIVE}.2026-01-02.03`;

async function expectArchived(world: World, name: string, seq: number, bytes: Buffer): Promise<void> {
  const restored = await world.restored(name, seq);
  expect(restored.length).toBe(bytes.length);
  expect(restored.equals(bytes)).toBe(true);
}

function expectTiled(world: World, seq: number, end: number, from = 0): void {
  let at = from;
  for (const record of world.sink.records(seq)) {
    expect(record.log_offset).toBe(at);
    at += record.log_length;
  }
  expect(at).toBe(end);
}

describe('shipLogFile', () => {
  it('archives a file that grows, first whole and then by portions, and delivers records that tile it', async () => {
    const world = createWorld();
    const file = world.create(ACTIVE, HEADER + statements(0, 50));
    expect(await world.shipAll(ACTIVE)).toMatchObject({ outcome: 'archived', seq: 1, from: 0 });
    for (let round = 1; round < 6; round += 1) {
      world.pass(60_000);
      world.append(file, statements(round * 50, 50));
      await world.shipAll(ACTIVE);
      if (round === 3) world.restart();
    }
    await expectArchived(world, ACTIVE, 1, world.bytesOf(file));
    const delivered = (await world.positions.generation(world.series(ACTIVE), 1))!.indexed;
    expectTiled(world, 1, delivered);
    expect(world.bytesOf(file).length - delivered).toBe(Buffer.byteLength(statements(299, 1)));
  });

  it('delivers the last record when the file has been idle, and only once', async () => {
    const world = createWorld();
    const file = world.create(ACTIVE, statements(0, 3));
    await world.shipAll(ACTIVE);
    world.pass(5 * 60_000);
    await world.shipAll(ACTIVE);
    expectTiled(world, 1, world.bytesOf(file).length);
    expect(await world.positions.generation(world.series(ACTIVE), 1)).toMatchObject({ records: 3, rawRecords: 0 });
  });

  it('follows a rotation by rename: the old file is finished under its new name, the new one is a new generation', async () => {
    const world = createWorld();
    const old = world.create(ACTIVE, HEADER + statements(0, 40));
    await world.shipAll(ACTIVE);
    world.append(old, statements(40, 10));
    world.pass(1000);
    world.rename(old, ROTATED);
    const fresh = world.create(ACTIVE, HEADER + statements(100, 80));
    expect(await world.shipAll(ACTIVE)).toMatchObject({ seq: 2 });
    expect(await world.shipAll(ROTATED)).toMatchObject({ seq: 1 });
    await expectArchived(world, ACTIVE, 1, world.bytesOf(old));
    await expectArchived(world, ACTIVE, 2, world.bytesOf(fresh));
    expect((await world.archive.names({ ...world.series(ACTIVE), seq: 1 })).map((name) => name.fileName)).toEqual([
      ROTATED,
    ]);
  });

  it('closes a rotated file that has long been still, and delivers its last record', async () => {
    const world = createWorld();
    const old = world.create(ACTIVE, statements(0, 4));
    await world.shipAll(ACTIVE);
    world.rename(old, ROTATED);
    await world.shipAll(ROTATED);
    world.pass(15 * 60_000);
    expect(await world.shipAll(ROTATED)).toMatchObject({ outcome: 'closed' });
    const end = world.bytesOf(old).length;
    expect(await world.archive.slot({ ...world.series(ACTIVE), seq: 1 }, end)).toMatchObject({
      type: 'end',
      start: end,
    });
    expectTiled(world, 1, end);
  });

  it('goes on in a new generation when a closed file grows', async () => {
    const world = createWorld();
    const name = 'error/postgresql.log.2026-01-02-0300';
    const file = world.create(name, 'one\n');
    await world.shipAll(name);
    world.pass(15 * 60_000);
    await world.shipAll(name);
    world.append(file, 'two\n');
    world.pass(60_000);
    await world.shipAll(name);
    await expectArchived(world, name, 2, world.bytesOf(file));
    expect(await world.archive.registration(world.series(name), 2)).toMatchObject({ continues: { seq: 1, offset: 4 } });
  });

  it('keeps empty files', async () => {
    const world = createWorld({ settings: { untilDone: true } });
    world.create('error/mysql-error.log');
    await world.shipAll('error/mysql-error.log');
    await expectArchived(world, 'error/mysql-error.log', 1, Buffer.alloc(0));
  });

  it('keeps two files apart that are equal as far as they go', async () => {
    const world = createWorld();
    const first = world.create('instance/a.log', statements(0, 20));
    const second = world.create('instance/b.log', statements(0, 20));
    await world.shipAll('instance/a.log');
    await world.shipAll('instance/b.log');
    world.append(first, 'of a\n');
    world.append(second, 'of b\n');
    world.pass(1000);
    await world.shipAll('instance/a.log');
    await world.shipAll('instance/b.log');
    await expectArchived(world, 'instance/a.log', 1, world.bytesOf(first));
    await expectArchived(world, 'instance/a.log', 2, world.bytesOf(second));
  });

  it.each([
    ['a line of 5 MB', Buffer.from(`short\n${'x'.repeat(5_000_000)}\nshort\n`)],
    ['NUL bytes', Buffer.from('a\0b\nc\n\0\0\n')],
    ['invalid UTF-8, CRLF and a lone CR', Buffer.from([0xff, 0xfe, 0x0d, 0x0a, 0xc3, 0x0d, 0x41, 0x0a])],
    ['no newline at the end', Buffer.from('select 1')],
    [
      'text that looks like a truncation notice',
      Buffer.from('a\n [Your log message was truncated]\nb\n [Your log message was truncated]\n'),
    ],
    ['XML entities', Buffer.from('&lt;&#10;&bogus;]]>\n')],
  ])('keeps %s, first seen whole and grown by portions', async (_, content) => {
    const world = createWorld({ settings: { untilDone: true } });
    const file = world.create(ACTIVE, statements(0, 2));
    await world.shipAll(ACTIVE);
    world.append(file, content);
    world.pass(1000);
    await world.shipAll(ACTIVE);
    await expectArchived(world, ACTIVE, 1, world.bytesOf(file));
    expectTiled(world, 1, world.bytesOf(file).length);
  });

  it('throws a batch away when the name was given to another file while it was read', async () => {
    let rotate: (() => void) | undefined;
    const world = createWorld({
      wrap: (source) => ({
        ...source,
        portion: async (instance, request, signal) => {
          const answer = await source.portion(instance, request, signal);
          if (request.marker !== '0') rotate?.();
          return answer;
        },
      }),
    });
    const old = world.create(ACTIVE, HEADER + statements(0, 30));
    await world.shipAll(ACTIVE);
    world.append(old, statements(30, 5));
    world.pass(1000);
    rotate = () => {
      rotate = undefined;
      world.rename(old, ROTATED);
      world.create(ACTIVE, HEADER + statements(500, 100));
    };
    expect(await world.ship(ACTIVE)).toMatchObject({ outcome: 'renamed-meanwhile', more: true });
    await world.shipAll(ACTIVE);
    await world.shipAll(ROTATED);
    await expectArchived(world, ACTIVE, 1, world.bytesOf(old));
  });

  it('declares bytes lost that were listed and deleted before they were read, and closes the chain with that', async () => {
    const world = createWorld({ settings: { vanishedAfterMs: 60_000 } });
    const name = 'error/postgresql.log.2026-01-02-0300';
    const file = world.create(name, statements(0, 10));
    await world.shipAll(name);
    const archived = world.bytesOf(file).length;
    world.append(file, statements(10, 10));
    const listed = world.bytesOf(file).length;
    world.pass(1000);
    const hint = world.hint(name);
    world.remove(file);
    expect(await world.ship(name, hint)).toMatchObject({ outcome: 'gone' });
    world.pass(60_000);
    expect(await world.ship(name, hint)).toMatchObject({ outcome: 'lost' });
    expect(await world.archive.slot({ ...world.series(name), seq: 1 }, archived)).toMatchObject({
      type: 'lost',
      end: listed,
    });
    await expectArchived(world, name, 1, world.bytesOf(file).subarray(0, archived));
  });

  it.each([0, 1])(
    'declares nothing lost of a file that was archived before it was deleted (sample rate %d)',
    async (sampleRate) => {
      const world = createWorld({ settings: { vanishedAfterMs: 0, sampleRate } });
      const name = 'error/postgresql.log.2026-01-02-0300';
      const file = world.create(name, statements(0, 10));
      await world.shipAll(name);
      const hint = world.hint(name);
      world.remove(file);
      world.pass(15 * 60_000);
      await world.ship(name, hint);
      expect(await world.positions.generation(world.series(name), 1)).toMatchObject({ state: 'closed' });
    },
  );

  it('finds the lost generation when a rotated file was deleted before any look at it', async () => {
    const world = createWorld({ settings: { vanishedAfterMs: 60_000 } });
    const old = world.create(ACTIVE, HEADER + statements(0, 10));
    await world.shipAll(ACTIVE);
    const archived = world.bytesOf(old).length;
    world.append(old, statements(10, 5));
    world.pass(1000);
    await world.ship(ACTIVE, { size: archived + 1000, listedAt: 0 });
    world.append(old, statements(15, 50));
    world.remove(old);
    world.create(ACTIVE, HEADER + statements(900, 5));
    world.pass(1000);
    await world.shipAll(ACTIVE);
    world.pass(60_000);
    await world.shipAll(ACTIVE);
    expect(await world.positions.generation(world.series(ACTIVE), 1)).toMatchObject({
      state: expect.stringMatching(/closed|lost/),
    });
    expect(await world.positions.generation(world.series(ACTIVE), 2)).toMatchObject({ state: 'open' });
  });

  it('stores each byte once when several workers read the same file at the same time', async () => {
    const world = createWorld();
    const file = world.create(ACTIVE, HEADER + statements(0, 2000));
    const workers = [1, 2, 3].map(() => world.anotherWorker());
    const never = new AbortController().signal;
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(workers.map((worker) => worker(world.hint(ACTIVE), never)));
      world.append(file, statements(2000 + round * 100, 100));
      world.pass(1000);
    }
    await world.shipAll(ACTIVE);
    await expectArchived(world, ACTIVE, 1, world.bytesOf(file));
    expect(await world.archive.registrations(world.series(ACTIVE))).toHaveLength(1);
  });

  it('finds its way from the archive alone when all positions are lost', async () => {
    const before = createWorld();
    const old = before.create(ACTIVE, HEADER + statements(0, 40));
    await before.shipAll(ACTIVE);
    before.rename(old, ROTATED);
    const fresh = before.create(ACTIVE, HEADER + statements(100, 10));
    await before.shipAll(ACTIVE);
    await before.shipAll(ROTATED);
    const objects = before.store.objects.size;
    const positions = createMemoryPositions();
    const worker = before.anotherWorker({ positions });
    const never = new AbortController().signal;
    await worker(before.hint(ROTATED), never);
    await worker(before.hint(ACTIVE), never);
    expect(before.store.objects.size).toBe(objects);
    expect(await positions.generation(before.series(ACTIVE), 1)).toMatchObject({ end: before.bytesOf(old).length });
    expect(await positions.generation(before.series(ACTIVE), 2)).toMatchObject({ end: before.bytesOf(fresh).length });
  });

  it('archives on while records cannot be delivered, and delivers them all later', async () => {
    const world = createWorld();
    const file = world.create(ACTIVE, statements(0, 1000));
    world.sink.fail = new Failure('SINK_UNAVAILABLE', 'down');
    expect(await world.shipAll(ACTIVE)).toMatchObject({ outcome: 'archived', sinkFailure: world.sink.fail });
    await expectArchived(world, ACTIVE, 1, world.bytesOf(file));
    world.sink.fail = undefined;
    world.pass(5 * 60_000);
    await world.shipAll(ACTIVE);
    expectTiled(world, 1, world.bytesOf(file).length);
  });

  it('replaces a chain by the complete file where the two differ, and delivers the records again', async () => {
    const world = createWorld({ settings: { sampleRate: 1 } });
    const name = 'error/postgresql.log.2026-01-02-0300';
    const file = world.create(name, statements(0, 10));
    await world.shipAll(name);
    const truth = Buffer.from(statements(0, 10).replace('select 5;', 'select 6;'));
    world.overwrite(file, truth);
    world.pass(15 * 60_000);
    await world.shipAll(name);
    await expectArchived(world, name, 1, truth);
    expect(await world.positions.generation(world.series(name), 1)).toMatchObject({
      state: 'closed',
      sealedSize: truth.length,
    });
    expectTiled(world, 1, truth.length);
    expect(JSON.stringify(world.sink.records(1))).not.toContain('select 5');
  });

  it('fetches what portions did not show before it closes a file', async () => {
    const world = createWorld({ settings: { sampleRate: 1 } });
    const name = 'error/postgresql.log.2026-01-02-0300';
    const file = world.create(name, statements(0, 10));
    await world.shipAll(name);
    const listedThen = world.hint(name);
    world.append(file, statements(10, 3));
    world.pass(15 * 60_000);
    await world.ship(name, listedThen);
    await world.shipAll(name);
    await expectArchived(world, name, 1, world.bytesOf(file));
  });

  it.each(['lyingPending', 'repeatBytes', 'truncate', 'emptyMarker'] as const)('loses nothing to %s', async (fault) => {
    const world = createWorld({ faults: { [fault]: 0.5 }, settings: { untilDone: true } });
    const file = world.create(ACTIVE, HEADER + statements(0, 20));
    for (let round = 0; round < 10; round += 1) {
      await world.shipAll(ACTIVE);
      world.append(file, statements(round * 500, 500));
      world.pass(1000);
    }
    await world.shipAll(ACTIVE);
    await expectArchived(world, ACTIVE, 1, world.bytesOf(file));
  });
});
