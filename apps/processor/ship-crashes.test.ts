import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readChain } from '../shared/archive/read-chain.ts';
import type { Generation } from '../simulator/model/generation.ts';
import { seededRandom } from '../simulator/model/seeded-random.ts';
import type { ShipDeps } from './ship-deps.ts';
import { ACTIVE, createWorld, HEADER, type World } from './testing/world.ts';

/** The process dies here: nothing after it happens, and nothing in memory survives. */
class Crash extends Error {}

type Call = (...args: unknown[]) => Promise<unknown>;

/** Every call of a port may be the last, before or after it took effect. */
function mortal<P extends object>(port: P, dies: () => boolean): P {
  return new Proxy(port, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function' || name === 'whole') return value;
      return async (...args: unknown[]) => {
        if (dies()) throw new Crash(`before ${String(name)}`);
        const result = await (value as Call).apply(target, args);
        if (dies()) throw new Crash(`after ${String(name)}`);
        return result;
      };
    },
  });
}

const PORTS = ['source', 'archive', 'positions', 'sink'] as const satisfies readonly (keyof ShipDeps)[];

function mortalWorker(world: World, deps: Partial<ShipDeps>, dies: () => boolean) {
  const { source, positions, sink, archive } = { ...world, ...deps };
  const ports: Record<string, unknown> = { source, positions, sink, archive };
  return world.anotherWorker(Object.fromEntries(PORTS.map((name) => [name, mortal(ports[name] as object, dies)])));
}

/** A fleet of one file that grows and rotates while workers come and go; answers every file there ever was. */
async function live(world: World, seed: number): Promise<Generation[]> {
  const random = seededRandom(seed, 'script');
  const dice = seededRandom(seed, 'death');
  const dies = () => dice() < 0.03;
  let workers = [mortalWorker(world, {}, dies), mortalWorker(world, {}, dies)];
  const files = [world.create(ACTIVE, 'head of 0\n')];
  const never = new AbortController().signal;
  for (let step = 0; step < 60; step += 1) {
    world.pass(Math.floor(random() * 120_000));
    const active = files.at(-1)!;
    if (random() < 0.1) {
      world.rename(active, `${ACTIVE}.2026-01-02.${String(files.length).padStart(2, '0')}`);
      files.push(world.create(ACTIVE, random() < 0.3 ? '' : HEADER));
    } else {
      world.append(active, `${'line '.repeat(Math.floor(random() * 40))}${step}${random() < 0.7 ? '\n' : ''}`);
    }
    const name = files[Math.floor(random() * files.length)]!.names.at(-1)!.name;
    const ran = workers.map((worker) => worker(world.hint(name), never));
    for (const outcome of await Promise.allSettled(ran)) {
      if (outcome.status === 'fulfilled') continue;
      if (!(outcome.reason instanceof Crash)) throw outcome.reason;
      workers = [workers[0]!, mortalWorker(world, {}, dies)];
    }
  }
  return files;
}

async function converge(world: World, files: readonly Generation[]): Promise<void> {
  world.restart();
  world.append(files.at(-1)!, 'the last line\n');
  for (let round = 0; round < 3; round += 1) {
    for (const file of files) await world.shipAll(file.names.at(-1)!.name);
    world.pass(16 * 60_000);
  }
}

async function expectWhole(world: World, file: Generation): Promise<void> {
  const series = world.series(ACTIVE);
  const seq = await world.positions.nameOf(series, file.names.at(-1)!.name);
  expect(seq).toBeDefined();
  expect((await world.restored(ACTIVE, seq!)).toString()).toBe(world.bytesOf(file).toString());
  let end = 0;
  for await (const slot of readChain(world.archive, { ...series, seq: seq! }, 0)) end = slot.end;
  expect(end).toBe(world.bytesOf(file).length);
  let at = 0;
  for (const record of world.sink.records(seq!)) {
    expect(record.log_offset).toBe(at);
    at += record.log_length;
  }
  expect(at).toBe(end);
}

/** How many lives are lived, and from which seed: more by `npm run proof`, the same again after a failure. */
const LIVES = Number(process.env['CRASH_SEEDS'] ?? 60);
const SEED = process.env['CRASH_SEED'];

describe('shipLogFile under crashes', () => {
  it(
    `loses no byte and archives none twice, wherever workers die, in ${LIVES} lives`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
          const world = createWorld({ settings: { slotBytes: 512, sliceBytes: 2048 }, seed });
          const files = await live(world, seed);
          await converge(world, files);
          for (const file of files) await expectWhole(world, file);
        }),
        { numRuns: LIVES, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
      );
    },
    LIVES * 2000,
  );
});
