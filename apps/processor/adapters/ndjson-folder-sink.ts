import { mkdir, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RecordBatch, RecordSink } from '../../shared/ports/record-sink.ts';
import { sinkFailure } from './ndjson-folder-sink-failure.ts';
import {
  cutAt,
  endOf,
  type GenerationFiles,
  generationFiles,
  listStarts,
  makeFolder,
  pathOf,
  putFile,
  recordsFrom,
} from './ndjson-folder-sink-files.ts';

/** Generations whose last file is remembered; the others are looked up in the folder again. */
const MAX_REMEMBERED = 10_000;

interface LastFile {
  readonly from: number;
  readonly to: number;
}

/**
 * Records as files, `<root>/<stream>/<instance>/<resource id>.<seq>.<from>.ndjson`, one per batch. Whatever ranges are
 * delivered in whatever order, each record of their union is in exactly one file, in the version that came last; a kill
 * can leave records twice until the same range comes again, which it does, because its position was not stored yet.
 * For one process at a time. Fails as the port says, and with FOLDER_UNREADABLE.
 */
export async function createNdjsonFolderSink(folder: string): Promise<RecordSink> {
  const root = resolve(folder);
  const last = new Map<string, LastFile>();
  try {
    await mkdir(root, { recursive: true });
  } catch (error) {
    throw sinkFailure(root, error);
  }
  return {
    async deliver(batch) {
      const files = generationFiles(root, batch.generation, batch.instanceId);
      const key = pathOf(files, 0);
      const known = last.get(key);
      last.delete(key);
      try {
        const isLast = known && goesOn(known, batch) ? await append(files, batch) : await insert(root, files, batch);
        if (isLast) remember(last, key, batch);
      } catch (error) {
        throw sinkFailure(root, error);
      }
    },
  };
}

/** Whether the batch follows the last file or takes its place, so that no other file can be concerned. */
function goesOn(known: LastFile, batch: LastFile): boolean {
  return batch.from >= known.to || (batch.from === known.from && batch.to >= known.to);
}

async function append(files: GenerationFiles, batch: RecordBatch): Promise<boolean> {
  await putFile(files, batch.from, batch.ndjson);
  return true;
}

/**
 * Puts a batch among files that may overlap it. What they hold beside it stays, and nothing is removed before what
 * replaces it is there. Answers whether no file begins behind the batch.
 */
async function insert(root: string, files: GenerationFiles, { from, to, ndjson }: RecordBatch): Promise<boolean> {
  await makeFolder(root, files);
  const starts = await listStarts(files);
  const before = starts.findLast((start) => start < from);
  const inside = starts.filter((start) => start >= from && start < to);
  const reachesBehind = inside.at(-1) ?? before;
  const isEndKept =
    reachesBehind !== undefined && !starts.includes(to) && (await endOf(pathOf(files, reachesBehind))) > to;
  if (isEndKept) await putFile(files, to, await recordsFrom(pathOf(files, reachesBehind), to));
  await putFile(files, from, ndjson);
  for (const start of inside) if (start !== from) await unlink(pathOf(files, start));
  if (before !== undefined && (await endOf(pathOf(files, before))) > from) await cutAt(pathOf(files, before), from);
  return !isEndKept && !starts.some((start) => start >= to);
}

function remember(last: Map<string, LastFile>, key: string, { from, to }: LastFile): void {
  last.set(key, { from, to });
  const [oldest] = last.keys();
  if (last.size > MAX_REMEMBERED && oldest !== undefined) last.delete(oldest);
}
