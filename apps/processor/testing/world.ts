import { createArchive } from '../../shared/archive/archive.ts';
import { readGeneration } from '../../shared/archive/read-chain.ts';
import type { Hint } from '../../shared/hint.ts';
import { type DbInstance, type GenerationId, type LogSeries, logKind } from '../../shared/log-file.ts';
import type { LogSource } from '../../shared/ports/log-source.ts';
import type { RecordBatch, RecordSink } from '../../shared/ports/record-sink.ts';
import { createMemoryPositions } from '../../shared/testing/memory-positions.ts';
import { createMemoryStore } from '../../shared/testing/memory-store.ts';
import { createFaults, type FaultOptions } from '../../simulator/model/faults.ts';
import { inferInstance } from '../../simulator/model/fleet.ts';
import { type Content, createLogVolume, type Generation, segmentAt } from '../../simulator/model/generation.ts';
import { createRecordParser } from '../parsers/create-record-parser.ts';
import { createRecordTails } from '../record-tails.ts';
import { SHIP_DEFAULTS, type ShipDeps, type ShipSettings } from '../ship-deps.ts';
import { createShipLogFile, type Shipped } from '../ship-log-file.ts';
import { createSlabPool } from '../slab-pool.ts';
import { createModelSource } from './model-source.ts';

const KB = 1024;
/** What Aurora MySQL writes at the beginning of every slow and general log. */
export const HEADER =
  '/rdsdbbin/oscar/bin/mysqld, Version: 8.0.28 (Source distribution). started with:\nTcp port: 3306  Unix socket: /tmp/mysql.sock\nTime                 Id Command    Argument\n';
export const ACTIVE = 'slowquery/mysql-slowquery.log';

/** One instance with log files in memory, an archive in memory, and a clock that stands still unless moved. */
export function createWorld(
  options: {
    settings?: Partial<ShipSettings>;
    faults?: FaultOptions;
    seed?: number;
    wrap?: (source: LogSource) => LogSource;
  } = {},
) {
  let now = Date.UTC(2026, 0, 2, 3);
  const volume = createLogVolume('orders-1');
  const bytes = new Map<Generation, Buffer>();
  const instance = inferInstance('orders-1', []);
  const accountId = '123456789012';
  const region = 'eu-central-1';
  const fleet = {
    accountId,
    region,
    instances: async () => [instance],
    status: async (id: string) => (id === instance.instanceId ? instance.status : undefined),
    volume: async () => volume,
    rotations: () => 0,
    growing: () => true,
    appendOnly: true,
  };
  const faults = createFaults(options.faults ?? {}, options.seed ?? 1);
  const model = createModelSource({ fleet, faults, now: () => now, chunkBytes: 700 });
  const source = options.wrap?.(model) ?? model;
  const store = createMemoryStore();
  const sink = createMemorySink();
  const settings: ShipSettings = { ...SHIP_DEFAULTS, slotBytes: 64 * KB, sampleRate: 0, ...options.settings };

  function freshDeps(): ShipDeps {
    return {
      source,
      archive: createArchive(store),
      positions,
      sink,
      createParser: createRecordParser,
      clock: { now: () => now, sleep: async () => {} },
      random: () => 0.5,
      slabs: createSlabPool(settings.slotBytes, 4 * settings.slotBytes),
      tails: createRecordTails(KB * KB),
      settings,
      writer: 'test',
    };
  }
  const positions = createMemoryPositions();
  let ship = createShipLogFile(freshDeps());
  const dbInstance: DbInstance = { ...instance, accountId, region };

  const contentOf = (generation: () => Generation): Content => ({
    open: async () => ({
      read: async (offset, length) => bytes.get(generation())!.subarray(offset, offset + length),
      close: async () => {},
    }),
  });

  function hintFor(name: string, listed: { size: number; lastWritten: number }): Hint {
    const { resourceId, instanceId, clusterId, engine } = instance;
    const base = { version: 1 as const, accountId, region, resourceId, instanceId, clusterId, engine };
    return { ...base, kind: logKind(name), fileName: name, ...listed, listedAt: now, deadline: now };
  }

  const world = {
    store,
    sink,
    positions,
    source,
    archive: createArchive(store),
    series: (name: string): LogSeries => ({ accountId, region, resourceId: instance.resourceId, kind: logKind(name) }),
    pass: (ms: number) => {
      now += ms;
    },
    create: (name: string, content: string | Buffer = ''): Generation => {
      const generation: Generation = volume.create({
        name,
        segment: segmentAt(now),
        content: contentOf(() => generation),
        size: Buffer.byteLength(content),
        at: now,
      });
      bytes.set(generation, Buffer.from(content));
      return generation;
    },
    append: (generation: Generation, content: string | Buffer) => {
      const grown = Buffer.concat([bytes.get(generation)!, Buffer.from(content)]);
      bytes.set(generation, grown);
      volume.grow(generation, grown.length, now);
    },
    overwrite: (generation: Generation, content: Buffer) => bytes.set(generation, content),
    rename: (generation: Generation, name: string) => volume.rename(generation, name, now),
    remove: (generation: Generation) => volume.remove(generation, now),
    bytesOf: (generation: Generation) => bytes.get(generation)!,
    /** One slice for a name as it is listed now; `hint` overrides what the listing said. */
    ship: (name: string, hint: Partial<Hint> = {}): Promise<Shipped> => {
      const file = volume.current().find((one) => one.names.at(-1)?.name === name);
      const listed = file ?? { size: 0, lastWritten: now };
      return ship(
        { ...hintFor(name, { size: listed.size, lastWritten: listed.lastWritten }), ...hint },
        new AbortController().signal,
      );
    },
    /** Slices until there is nothing more to do at once. */
    shipAll: async (name: string): Promise<Shipped> => {
      for (let slices = 0; slices < 100; slices += 1) {
        const shipped = await world.ship(name);
        if (!shipped.more) return shipped;
      }
      throw new Error(`${name} never came to an end`);
    },
    /** What a process keeps in memory is gone. */
    restart: () => {
      ship = createShipLogFile(freshDeps());
    },
    /** Another process with the same archive and tables. */
    anotherWorker: (change: Partial<ShipDeps> = {}) => createShipLogFile({ ...freshDeps(), ...change }),
    hint: (name: string): Hint => {
      const file = volume.current().find((one) => one.names.at(-1)?.name === name)!;
      return hintFor(name, file);
    },
    restored: async (name: string, seq: number): Promise<Buffer> => {
      const parts: Buffer[] = [];
      const generation: GenerationId = { ...world.series(name), seq };
      for await (const part of readGeneration(world.archive, generation)) parts.push(part.bytes);
      return Buffer.concat(parts);
    },
    instance: dbInstance,
  };
  return world;
}

export type World = ReturnType<typeof createWorld>;

/** Keeps batches as the folder sink does: delivering a range again replaces what overlaps it. */
export function createMemorySink(): RecordSink & {
  records(seq: number): { log_offset: number; log_length: number }[];
  fail?: Error | undefined;
} {
  const batches: (Omit<RecordBatch, 'ndjson'> & { text: string })[] = [];
  const sink = {
    fail: undefined as Error | undefined,
    deliver: async ({ ndjson, ...batch }: RecordBatch) => {
      if (sink.fail) throw sink.fail;
      for (let at = batches.length - 1; at >= 0; at -= 1) {
        const old = batches[at]!;
        const same = old.generation.seq === batch.generation.seq && old.generation.kind === batch.generation.kind;
        if (same && old.from >= batch.from && old.from < batch.to) batches.splice(at, 1);
      }
      batches.push({ ...batch, text: Buffer.from(ndjson).toString() });
    },
    records: (seq: number) =>
      batches
        .filter((batch) => batch.generation.seq === seq)
        .sort((a, b) => a.from - b.from)
        .flatMap((batch) =>
          batch.text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line)),
        ),
  };
  return sink;
}
