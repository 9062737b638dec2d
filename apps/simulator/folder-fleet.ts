import { join } from 'node:path';
import type { FleetFile } from './fleet-file.ts';
import {
  type DiskFile,
  isInstanceFolder,
  listDiskFiles,
  listInstanceFolders,
  openDiskFile,
  statDiskFile,
} from './folder.ts';
import { type Fleet, inferInstance, type SimulatedInstance } from './model/fleet.ts';
import {
  createLogVolume,
  currentName,
  type Generation,
  type LogVolume,
  type Segment,
  segmentAt,
} from './model/generation.ts';

interface Tracked {
  identity: string;
  /** Where the file is; renames change it. */
  path: string;
}

type TrackedFiles = WeakMap<Generation, Tracked>;

/**
 * A fleet that is a folder as it is on disk. Each call looks at the disk: files that grew, came, went or were renamed
 * since are seen without a restart. A file that shrank, or whose name another file took, is a new generation.
 */
export function createFolderFleet(root: string, file: FleetFile): Fleet {
  const volumes = new Map<string, LogVolume>();
  const tracked: TrackedFiles = new WeakMap();
  const turns = new Map<string, Promise<unknown>>();
  const status = async (instanceId: string) =>
    Object.hasOwn(file.instances, instanceId) || (await isInstanceFolder(root, instanceId))
      ? (file.instances[instanceId]?.status ?? 'available')
      : undefined;
  return {
    accountId: file.accountId,
    region: file.region,
    appendOnly: false,
    instances: () => describeInstances(root, file),
    status,
    volume: async (instanceId, fileName) => {
      if ((await status(instanceId)) === undefined) return undefined;
      const volume = volumes.get(instanceId) ?? createLogVolume(instanceId);
      volumes.set(instanceId, volume);
      // One look at a time: an older look must not undo a newer one.
      const turn = (turns.get(instanceId) ?? Promise.resolve()).then(() =>
        refresh(volume, tracked, join(root, instanceId), fileName),
      );
      turns.set(
        instanceId,
        turn.catch(() => undefined),
      );
      await turn;
      return volume;
    },
    rotations: () => 0,
    growing: () => false,
  };
}

/** All instances of a folder and of its fleet.json, what is not said inferred from the files. */
export async function describeInstances(root: string, file: FleetFile): Promise<readonly SimulatedInstance[]> {
  const ids = new Set([...(await listInstanceFolders(root)), ...Object.keys(file.instances)]);
  const instances: SimulatedInstance[] = [];
  for (const instanceId of [...ids].sort()) {
    const { cluster, tags, parameters, ...given } = file.instances[instanceId] ?? {};
    const names = (await listDiskFiles(join(root, instanceId))).map((diskFile) => diskFile.name);
    const inferred = inferInstance(instanceId, names);
    instances.push({
      ...inferred,
      clusterId: cluster ?? inferred.clusterId,
      engine: given.engine ?? inferred.engine,
      resourceId: given.resourceId ?? inferred.resourceId,
      status: given.status ?? inferred.status,
      tags: tags ?? {},
      parameters: { ...inferred.parameters, ...parameters },
    });
  }
  return instances;
}

async function refresh(volume: LogVolume, tracked: TrackedFiles, folder: string, fileName?: string): Promise<void> {
  if (fileName !== undefined && (await refreshOne(volume, tracked, folder, fileName))) return;
  refreshAll(volume, tracked, folder, await listDiskFiles(folder));
}

/** Whether looking at one file was enough: it is known, still itself, and did not shrink. */
async function refreshOne(
  volume: LogVolume,
  tracked: TrackedFiles,
  folder: string,
  fileName: string,
): Promise<boolean> {
  const generation = volume.current().find((candidate) => currentName(candidate) === fileName);
  if (!generation) return false;
  const onDisk = await statDiskFile(folder, fileName);
  if (!onDisk || onDisk.identity !== tracked.get(generation)?.identity || onDisk.size < generation.size) return false;
  volume.grow(generation, onDisk.size, onDisk.modifiedAt);
  return true;
}

function refreshAll(volume: LogVolume, tracked: TrackedFiles, folder: string, files: readonly DiskFile[]): void {
  const now = Date.now();
  const unclaimed = new Map(files.map((file) => [file.name, file]));
  const byIdentity = Map.groupBy(files, (file) => file.identity);
  for (const generation of volume.current()) {
    const known = tracked.get(generation);
    // Hard links are several files with one identity: the same name first.
    const candidates = (known && byIdentity.get(known.identity)) ?? [];
    const sameName = candidates.find((file) => file.name === currentName(generation));
    const onDisk = sameName ?? candidates.find((file) => unclaimed.has(file.name));
    if (!known || !onDisk || onDisk.size < generation.size) {
      volume.remove(generation, now);
      continue;
    }
    unclaimed.delete(onDisk.name);
    if (!sameName) volume.rename(generation, onDisk.name, now);
    known.path = join(folder, onDisk.name);
    volume.grow(generation, onDisk.size, onDisk.modifiedAt);
  }
  for (const file of unclaimed.values()) {
    const known = { identity: file.identity, path: join(folder, file.name) };
    const content = { open: () => openDiskFile(known.path, known.identity) };
    const { name, size, createdAt, modifiedAt } = file;
    const generation = volume.create({ name, segment: segmentOf(file), content, size, at: createdAt, visibleFrom: 0 });
    volume.grow(generation, size, modifiedAt);
    tracked.set(generation, known);
  }
}

/** The hour in the name of a rotated file, else the hour in which the file was made. */
function segmentOf(file: DiskFile): Segment {
  const [, date, hour] = /\.(\d{4}-\d\d-\d\d)[.-](\d{1,2})/.exec(file.name) ?? [];
  return date === undefined ? segmentAt(file.createdAt) : { date, hour: Number(hour) };
}
