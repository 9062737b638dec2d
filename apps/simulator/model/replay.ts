import type { Random } from '../../shared/ports/clock.ts';
import type { Faults } from './faults.ts';
import { type Generation, type LogVolume, segmentAt } from './generation.ts';
import { loopedContent, type RecordSource, recordBoundary } from './record-source.ts';
import { seededRandom } from './seeded-random.ts';
import { activeName, rotatedName } from './series.ts';

/** How much time one step of a replay stands for. */
export const STEP_MS = 100;
/** The hour in which every replay begins, by the clock that names rotated files; each rotation is one hour later. */
export const REPLAY_EPOCH = Date.UTC(2026, 0, 1);

const HOUR_MS = 3_600_000;
const GROWTH_PROBABILITY = 0.4;
const MISSING_MS = 500;
const VANISH_STEPS = 10;
const MAX_SKIPPED_RECORDS = 100;

export interface ReplaySeries {
  readonly series: string;
  readonly source: RecordSource;
  /** Where in the source it begins, at a record. */
  readonly start: number;
  /** Its part of all bytes, relative to the other series. */
  readonly weight: number;
}

export interface ReplayInstance {
  readonly volume: LogVolume;
  readonly series: readonly ReplaySeries[];
}

export interface ReplayOptions {
  readonly seed: number;
  readonly faults: Faults;
  /** Steps until everything stands still. */
  readonly steps: number;
  /** Of all instances together. */
  readonly bytesPerStep: number;
  /** Steps between two rotations of an instance, give or take a tenth; never when absent. */
  readonly rotateEvery?: number | undefined;
  /** Steps between the rotation of a file and its deletion; never when absent. */
  readonly deleteAfter?: number | undefined;
}

/**
 * Grows, rotates and deletes files step by step. What a step does depends on the seed and the steps before it, never
 * on the clock: `now` is only written down. Steps must not overlap.
 */
export interface Replay {
  step(now: number): Promise<void>;
  stepsDone(): number;
  rotations(): number;
}

interface ActiveSeries extends ReplaySeries {
  readonly bytesPerStep: number;
  readonly random: Random;
  /** Bytes that are due but were not written yet. */
  due: number;
  /** Where in the source the next byte comes from. */
  position: number;
  /** Where in the source files began. */
  readonly starts: Set<number>;
  generation: Generation;
}

interface ActiveInstance {
  readonly volume: LogVolume;
  readonly series: readonly ActiveSeries[];
  readonly random: Random;
  hours: number;
  nextRotation: number;
}

export function createReplay(instances: readonly ReplayInstance[], options: ReplayOptions, now: number): Replay {
  const { faults, rotateEvery = Number.POSITIVE_INFINITY, deleteAfter } = options;
  const active = activate(instances, options, now);
  const deletions: { volume: LogVolume; generation: Generation; step: number }[] = [];
  let stepsDone = 0;
  let rotations = 0;
  const rotate = async (instance: ActiveInstance, at: number) => {
    instance.hours += 1;
    instance.nextRotation = stepsDone + Math.ceil(rotateEvery * (0.9 + 0.2 * instance.random()));
    for (const series of instance.series) {
      const { generation } = series;
      await finishRecord(instance.volume, series, at);
      await skipToFreshRecord(series);
      rotateSeries(instance, series, faults.options.missingDuringRotation === true, at);
      const wait = faults.strikes('vanish') ? 1 + faults.draw('vanish', VANISH_STEPS) : deleteAfter;
      if (wait !== undefined) deletions.push({ volume: instance.volume, generation, step: stepsDone + wait });
      rotations += 1;
    }
  };
  const deleteDue = (at: number) => {
    for (const due of deletions.filter(({ step }) => step <= stepsDone)) {
      due.volume.remove(due.generation, at);
      deletions.splice(deletions.indexOf(due), 1);
    }
  };
  const advance = async (instance: ActiveInstance, isLast: boolean, at: number) => {
    if (stepsDone >= instance.nextRotation && !isLast) await rotate(instance, at);
    for (const series of instance.series) {
      feed(instance.volume, series, isLast, at);
      if (isLast) await finishRecord(instance.volume, series, at);
    }
  };
  return {
    step: async (at) => {
      if (stepsDone >= options.steps) return;
      stepsDone += 1;
      deleteDue(at);
      for (const instance of active) await advance(instance, stepsDone === options.steps, at);
    },
    stepsDone: () => stepsDone,
    rotations: () => rotations,
  };
}

function activate(instances: readonly ReplayInstance[], options: ReplayOptions, now: number): ActiveInstance[] {
  const totalWeight = instances.flatMap(({ series }) => series).reduce((sum, { weight }) => sum + weight, 0);
  const { seed, rotateEvery = Number.POSITIVE_INFINITY } = options;
  return instances.map(({ volume, series }) => {
    const random = seededRandom(seed, `rotation/${volume.instanceId}`);
    return {
      volume,
      random,
      hours: 0,
      nextRotation: Math.ceil(rotateEvery * (0.5 + 0.5 * random())),
      series: series.map((one) => ({
        ...one,
        bytesPerStep: (options.bytesPerStep * one.weight) / totalWeight,
        random: seededRandom(seed, `growth/${volume.instanceId}/${one.series}`),
        due: 0,
        position: one.start,
        starts: new Set([one.start]),
        generation: begin(volume, one, one.start, REPLAY_EPOCH, now, now),
      })),
    };
  });
}

/** Writes part of what is due, at irregular times and up to anywhere in a line; all of it at the end. */
function feed(volume: LogVolume, series: ActiveSeries, isLast: boolean, now: number): void {
  series.due += series.bytesPerStep;
  const grows = series.random() < GROWTH_PROBABILITY;
  const part = series.random();
  if (isLast) write(volume, series, Math.max(0, Math.floor(series.due)), now);
  else if (grows) write(volume, series, Math.max(0, Math.floor(series.due * part)), now);
}

/** A server rotates between two records, never inside one. */
async function finishRecord(volume: LogVolume, series: ActiveSeries, now: number): Promise<void> {
  const boundary = await recordBoundary(series.source, series.series, series.position);
  write(volume, series, boundary - series.position, now);
}

/** No two files of a server begin with the same record, so none does here while the source has records enough. */
async function skipToFreshRecord(series: ActiveSeries): Promise<void> {
  const { source, starts, position: first } = series;
  for (let tries = 0; starts.has(series.position) && tries < MAX_SKIPPED_RECORDS; tries += 1) {
    series.position = (await recordBoundary(source, series.series, series.position + 1)) % source.length;
    if (series.position === first) break; // Once around: there is none.
  }
  starts.add(series.position);
}

function write(volume: LogVolume, series: ActiveSeries, bytes: number, now: number): void {
  if (bytes === 0) return;
  volume.grow(series.generation, series.generation.size + bytes, now);
  series.due -= bytes;
  series.position = (series.position + bytes) % series.source.length;
}

function rotateSeries(
  { volume, hours }: ActiveInstance,
  series: ActiveSeries,
  goesMissing: boolean,
  now: number,
): void {
  const newName = rotatedName(series.series, series.generation.segment);
  if (newName !== undefined) volume.rename(series.generation, newName, now);
  const visibleFrom = goesMissing && newName !== undefined ? now + MISSING_MS : now;
  series.generation = begin(volume, series, series.position, REPLAY_EPOCH + hours * HOUR_MS, now, visibleFrom);
}

function begin(
  volume: LogVolume,
  { series, source }: ReplaySeries,
  start: number,
  virtualTime: number,
  at: number,
  visibleFrom: number,
): Generation {
  const [name, segment] = [activeName(series, virtualTime), segmentAt(virtualTime)];
  return volume.create({
    name,
    segment,
    content: loopedContent(source, start),
    size: source.header.length,
    at,
    visibleFrom,
  });
}
