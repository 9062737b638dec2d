import { describe, expect, it } from '@jest/globals';
import { createFaults, type FaultOptions } from './faults.ts';
import { createLogVolume, currentName, findFile, type Generation, type LogVolume, visibleFiles } from './generation.ts';
import { readFully } from './portion.ts';
import { type RecordSource, recordBoundary } from './record-source.ts';
import { createReplay, type ReplayOptions } from './replay.ts';

const ACTIVE = 'slowquery/mysql-slowquery.log';

function memorySource(body: string, header = ''): RecordSource {
  const bytes = Buffer.from(body);
  const open = async () => ({
    read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
    close: async () => undefined,
  });
  return { header: Buffer.from(header), length: bytes.length, open };
}

function records(series: string, count: number): string {
  const record = (index: number) =>
    series.startsWith('slowquery/')
      ? `# Time: 2026-01-01T00:00:${index}Z\n# User@Host: u[u] @ h\nSELECT ${'x'.repeat(index % 90)};\n`
      : `2026-01-01 00:00:00 UTC:[${index}]:LOG:  said ${'y'.repeat(index % 70)}\n\tand more\n`;
  return Array.from({ length: count }, (_, index) => record(index)).join('');
}

function replayOf(series: readonly string[], options: Partial<ReplayOptions> & { faultOptions?: FaultOptions } = {}) {
  const { faultOptions = {}, ...rest } = options;
  const seed = options.seed ?? 1;
  const volumes = ['a-1', 'b-1'].map(createLogVolume);
  const instances = volumes.map((volume) => ({
    volume,
    series: series.map((name) => ({
      series: name,
      source: memorySource(records(name, 300), 'HEADER\n'),
      start: 0,
      weight: 1,
    })),
  }));
  const faults = createFaults(faultOptions, seed);
  const replay = createReplay(instances, { seed, faults, steps: 100, bytesPerStep: 5000, ...rest }, 0);
  return { replay, volumes };
}

async function contentOf({ content, size }: Generation): Promise<string> {
  const reader = await content.open();
  return reader ? (await readFully(reader, 0, size)).toString() : 'gone';
}

function snapshot(volumes: readonly LogVolume[]): string {
  const files = volumes.flatMap((volume) => volume.history());
  return JSON.stringify(files.map(({ names, size, deletedAt }) => [names, size, deletedAt]));
}

describe('a replay', () => {
  it('is the same step by step for the same seed, and another for another', async () => {
    const run = async (seed: number) => {
      const { replay, volumes } = replayOf([ACTIVE, 'error/postgresql.log'], {
        seed,
        rotateEvery: 20,
        deleteAfter: 30,
      });
      const states: string[] = [];
      for (let step = 1; step <= 100; step += 1) {
        await replay.step(step);
        states.push(snapshot(volumes));
      }
      return states;
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(50);
  });

  it('writes the bytes of the source in order over all files, with the header at the top of each', async () => {
    const { replay, volumes } = replayOf([ACTIVE], { rotateEvery: 15 });
    for (let step = 1; step <= 100; step += 1) await replay.step(step);
    for (const volume of volumes) {
      const files = await Promise.all(volume.history().map(contentOf));
      expect(files.length).toBeGreaterThan(4);
      expect(files.every((text) => text.startsWith('HEADER\n# Time: '))).toBe(true);
      const written = files.map((text) => text.slice('HEADER\n'.length)).join('');
      expect(written.length).toBeGreaterThan(2 * records(ACTIVE, 300).length);
      expect(records(ACTIVE, 300).repeat(20).startsWith(written)).toBe(true);
    }
    const total = volumes.flatMap((volume) => volume.history()).reduce((sum, { size }) => sum + size, 0);
    expect(Math.abs(total - 100 * 5000)).toBeLessThan(5000);
  });

  it('often stops in the middle of a line while a file is active', async () => {
    const { replay, volumes } = replayOf([ACTIVE]);
    let cut = 0;
    for (let step = 1; step <= 60; step += 1) {
      await replay.step(step);
      const file = volumes[0]?.current()[0];
      if (file && !(await contentOf(file)).endsWith('\n')) cut += 1;
    }
    expect(cut).toBeGreaterThan(20);
  });

  it('renames MySQL files and gives PostgreSQL and audit files new names, an hour later each time', async () => {
    const { replay, volumes } = replayOf([ACTIVE, 'error/postgresql.log', 'audit/audit.log.2'], { rotateEvery: 30 });
    for (let step = 1; step <= 100; step += 1) await replay.step(step);
    const names = volumes[0]?.history().map(currentName) ?? [];
    expect(names).toEqual(
      expect.arrayContaining([
        ...[`${ACTIVE}.2026-01-01.00`, `${ACTIVE}.2026-01-01.01`, ACTIVE],
        ...['error/postgresql.log.2026-01-01-0000', 'error/postgresql.log.2026-01-01-0100'],
        ...['audit/audit.log.2.2026-01-01-00-00.0', 'audit/audit.log.2.2026-01-01-01-00.0'],
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(replay.rotations()).toBe(volumes.flatMap((volume) => volume.history()).length - 6);
  });

  it('rotates the instances at different times', async () => {
    const { replay, volumes } = replayOf([ACTIVE], { rotateEvery: 40 });
    for (let step = 1; step <= 100; step += 1) await replay.step(step);
    const [first, second] = volumes.map((volume) => volume.history()[1]?.createdAt);
    expect(first).not.toBe(second);
  });

  it('deletes rotated files after their retention and stands still at the end', async () => {
    const { replay, volumes } = replayOf([ACTIVE], { rotateEvery: 20, deleteAfter: 10 });
    for (let step = 1; step <= 100; step += 1) await replay.step(step);
    const deleted = volumes.flatMap((volume) => volume.history()).filter(({ deletedAt }) => deletedAt !== undefined);
    expect(deleted.length).toBeGreaterThan(4);
    for (const { names, deletedAt } of deleted) expect((deletedAt ?? 0) - (names[1]?.from ?? 0)).toBe(10);
    const end = snapshot(volumes);
    await replay.step(101);
    expect(snapshot(volumes)).toBe(end);
  });

  it('deletes rotated files within a second where they vanish', async () => {
    const { replay, volumes } = replayOf([ACTIVE], { rotateEvery: 20, faultOptions: { vanish: 1 } });
    for (let step = 1; step <= 100; step += 1) await replay.step(step);
    const rotated = volumes.flatMap((volume) => volume.history()).filter(({ names }) => (names[1]?.from ?? 100) < 89);
    expect(rotated.length).toBeGreaterThan(4);
    expect(rotated.every(({ names, deletedAt }) => (deletedAt ?? 1000) - (names[1]?.from ?? 0) <= 10)).toBe(true);
  });

  it('hides the active name for half a second after a rename where it is told to', async () => {
    const { replay, volumes } = replayOf([ACTIVE], { rotateEvery: 20, faultOptions: { missingDuringRotation: true } });
    const volume = volumes[0] as LogVolume;
    let step = 0;
    while (volume.history().length < 2) {
      step += 1;
      await replay.step(step);
    }
    expect(findFile(volume, ACTIVE, step)).toBeUndefined();
    expect(visibleFiles(volume, step).map(currentName)).toEqual([`${ACTIVE}.2026-01-01.00`]);
    expect(findFile(volume, ACTIVE, step + 500)?.seq).toBe(2);
  });
});

describe('recordBoundary', () => {
  it('finds the next record, not a line inside one', async () => {
    const text =
      '# Time: 1\n# User@Host: a\nSELECT 1,\n2;\n# User@Host: b\nSELECT 3;\n# Time: 2\n# User@Host: c\nSELECT 4;\n';
    const source = memorySource(text);
    const starts = [0, text.indexOf('# User@Host: b'), text.indexOf('# Time: 2'), text.length];
    for (let position = 0; position <= text.length; position += 1) {
      expect(await recordBoundary(source, ACTIVE, position)).toBe(starts.find((start) => start >= position));
    }
  });

  it('keeps continuation lines of PostgreSQL with their record', async () => {
    const text = records('error/postgresql.log', 3);
    expect(await recordBoundary(memorySource(text), 'error/postgresql.log', 3)).toBe(text.indexOf('2026', 5));
  });
});
