import { join } from 'node:path';
import type { Clock } from '../shared/ports/clock.ts';
import type { FleetFile } from './fleet-file.ts';
import { type DiskFile, listDiskFiles, openDiskFile } from './folder.ts';
import { describeInstances } from './folder-fleet.ts';
import type { Faults } from './model/faults.ts';
import type { Fleet } from './model/fleet.ts';
import { createLogVolume, type LogVolume, segmentAt } from './model/generation.ts';
import { recordBoundary } from './model/record-source.ts';
import { createReplay, type ReplayInstance, type ReplaySeries, STEP_MS } from './model/replay.ts';
import { AUDIT_STRIPES, seriesOf } from './model/series.ts';
import { createFileSource } from './source-files.ts';

export interface LiveOptions {
  /** How long files grow. */
  readonly seconds: number;
  /** Of all instances together. */
  readonly bytesPerSecond: number;
  /** About how long a file is active; never rotated when absent. */
  readonly rotateEverySeconds?: number | undefined;
  /** How long a rotated file stays; never deleted when absent. */
  readonly deleteAfterSeconds?: number | undefined;
}

export interface LiveFleet extends Fleet {
  /** Grows until the time is over or the signal fires. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * A fleet that replays a folder: each instance writes the records of its files again and again, rotated as Aurora
 * does. Nothing is written to disk: the bytes of a file are looked up in the folder when they are read, so the folder
 * must not change meanwhile. Files that Aurora does not rotate are served as they are.
 */
export async function createLiveFleet(
  root: string,
  file: FleetFile,
  live: LiveOptions,
  context: { readonly seed: number; readonly faults: Faults; readonly clock: Clock },
): Promise<LiveFleet> {
  const { seed, faults, clock } = context;
  const described = await describeInstances(root, file);
  const instances: ReplayInstance[] = [];
  for (const { instanceId } of described) {
    instances.push(await readInstance(join(root, instanceId), createLogVolume(instanceId), clock.now()));
  }
  const volumes = new Map(instances.map(({ volume }) => [volume.instanceId, volume]));
  const steps = Math.ceil((live.seconds * 1000) / STEP_MS);
  const toSteps = (seconds: number | undefined) => seconds && Math.ceil((seconds * 1000) / STEP_MS);
  const bytesPerStep = (live.bytesPerSecond * STEP_MS) / 1000;
  const [rotateEvery, deleteAfter] = [toSteps(live.rotateEverySeconds), toSteps(live.deleteAfterSeconds)];
  const replay = createReplay(instances, { seed, faults, steps, bytesPerStep, rotateEvery, deleteAfter }, clock.now());
  let running = true;
  return {
    ...{ accountId: file.accountId, region: file.region, appendOnly: true },
    instances: async () => described,
    status: async (instanceId) => described.find((instance) => instance.instanceId === instanceId)?.status,
    volume: async (instanceId) => volumes.get(instanceId),
    rotations: replay.rotations,
    // Not by the steps: the last one counts as done before all of its bytes are written.
    growing: () => running,
    run: async (signal) => {
      try {
        const startedAt = clock.now();
        while (!signal.aborted && replay.stepsDone() < steps) {
          const due = Math.min(steps, Math.floor((clock.now() - startedAt) / STEP_MS));
          while (!signal.aborted && replay.stepsDone() < due) await replay.step(clock.now());
          await clock.sleep(STEP_MS, signal);
        }
      } finally {
        running = false;
      }
    },
  };
}

async function readInstance(folder: string, volume: LogVolume, now: number): Promise<ReplayInstance> {
  const bySeries = Map.groupBy(await listDiskFiles(folder), ({ name }) => seriesOf(name));
  for (const { name, size, createdAt } of bySeries.get(undefined) ?? []) {
    const content = { open: () => openDiskFile(join(folder, name)) };
    volume.create({ name, segment: segmentAt(createdAt), content, size, at: now });
  }
  bySeries.delete(undefined);
  const all: ReplaySeries[] = [];
  for (const [series = '', files] of [...spreadAudit(bySeries)].sort()) {
    const source = await createFileSource(folder, series, inOrder(series, files));
    if (source.length === 0) continue;
    // Stripes that share their files begin at different records of them.
    const share = Number(/^audit\/audit\.log\.(\d)$/.exec(series)?.[1] ?? 0) / AUDIT_STRIPES;
    const start = (await recordBoundary(source, series, Math.floor(source.length * share))) % source.length;
    const isAudit = series.startsWith('audit/');
    all.push({ series, source, start, weight: isAudit ? source.length / AUDIT_STRIPES : source.length });
  }
  return { volume, series: all };
}

/** Aurora writes all audit stripes at the same time: one that has no files gets those of the others. */
function spreadAudit(bySeries: ReadonlyMap<string | undefined, DiskFile[]>): Map<string | undefined, DiskFile[]> {
  const spread = new Map(bySeries);
  const audit = [...bySeries].filter(([series]) => series?.startsWith('audit/')).flatMap(([, files]) => files);
  for (let stripe = 0; stripe < AUDIT_STRIPES && audit.length > 0; stripe += 1) {
    const series = `audit/audit.log.${stripe}`;
    spread.set(series, bySeries.get(series) ?? audit);
  }
  return spread;
}

/** Rotated files by their names, then the active one. */
function inOrder(series: string, files: readonly DiskFile[]): readonly DiskFile[] {
  return [...files].sort((a, b) => {
    if (a.name === series || b.name === series) return a.name === series ? 1 : -1;
    return a.name < b.name ? -1 : 1;
  });
}
