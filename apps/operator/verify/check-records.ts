import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { safeName } from '../../processor/adapters/ndjson-folder-sink-files.ts';
import { Failure } from '../../shared/failure.ts';
import type { GenerationId } from '../../shared/log-file.ts';
import { recordStream } from '../../shared/streams.ts';
import type { ProblemList } from './findings.ts';

const FILE_NAME = /^(.+)\.(\d{6})\.(\d{16})\.ndjson$/;
const NEWLINE = 0x0a;

const recordSchema = z.object({
  log_offset: z.int().nonnegative(),
  log_length: z.int().positive(),
  parse_reason: z.string().optional(),
});

/** The NDJSON files of a records folder, by generation. */
export interface RecordFiles {
  of(generation: GenerationId): readonly string[];
}

export interface RecordsFound {
  /** Bytes of the log file that records hold. */
  readonly bytes: number;
  readonly parsed: number;
  readonly raw: number;
  /** Where what the records hold without a gap, from the base on, ends. */
  readonly end: number;
}

/** Lists `<records>/<stream>/<instance>/<resource id>.<seq>.<from>.ndjson`. NOT_FOUND where the folder is not there. */
export async function listRecordFiles(folder: string): Promise<RecordFiles> {
  const files = new Map<string, { from: number; path: string }[]>();
  for (const stream of await foldersIn(folder, true)) {
    for (const instance of await foldersIn(join(folder, stream))) {
      const path = join(folder, stream, instance);
      for (const name of await readdir(path)) addFile(files, stream, path, name);
    }
  }
  const sorted = (key: string) => (files.get(key) ?? []).sort((a, b) => a.from - b.from).map((file) => file.path);
  return { of: ({ kind, resourceId, seq }) => sorted(`${recordStream(kind)}/${safeName(resourceId)}/${seq}`) };
}

function addFile(files: Map<string, { from: number; path: string }[]>, stream: string, folder: string, name: string) {
  const [, resourceId, seq, from] = FILE_NAME.exec(name) ?? [];
  if (from === undefined) return;
  const key = `${stream}/${resourceId}/${Number(seq)}`;
  const file = { from: Number(from), path: join(folder, name) };
  const others = files.get(key);
  if (others === undefined) files.set(key, [file]);
  else others.push(file);
}

async function foldersIn(path: string, expected = false): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (!expected) throw error;
    const message = `There is no folder of records ${path}. Name the one that "aurora-logs run --records" writes to.`;
    throw new Failure('NOT_FOUND', message, { cause: error });
  }
}

/**
 * Checks that the records of a generation tile the bytes from `base` on: each byte in exactly one record, in order.
 * Where they have to end is for the caller to judge.
 */
export async function checkRecords(
  paths: readonly string[],
  base: number,
  problems: ProblemList,
): Promise<RecordsFound> {
  const found = { bytes: 0, parsed: 0, raw: 0, end: base };
  let reached = base;
  for (const path of paths) {
    for (const line of linesOf(await readFile(path))) {
      const record = parse(line);
      if (record === undefined) {
        problems.add('record-invalid', `${path} has a line that is no record`);
        continue;
      }
      const from = record.log_offset;
      const to = from + record.log_length;
      notePlace(reached, from, problems);
      if (from <= found.end) found.end = Math.max(found.end, to);
      found.bytes += Math.max(0, to - Math.max(from, reached));
      reached = Math.max(reached, to);
      found[record.parse_reason === undefined ? 'parsed' : 'raw'] += 1;
    }
  }
  return found;
}

function notePlace(reached: number, from: number, problems: ProblemList): void {
  if (from > reached) {
    problems.add('record-gap', `bytes ${reached} to ${from} are in no record`, { from: reached, to: from });
  } else if (from < reached) {
    problems.add('record-overlap', `bytes ${from} to ${reached} are in two records`, { from, to: reached });
  }
}

function* linesOf(file: Buffer): Generator<string> {
  for (let start = 0; start < file.length; ) {
    const newline = file.indexOf(NEWLINE, start);
    const end = newline === -1 ? file.length : newline;
    yield file.toString('utf8', start, end);
    start = end + 1;
  }
}

function parse(line: string) {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
