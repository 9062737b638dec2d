import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, truncate, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GenerationId } from '../../shared/log-file.ts';
import { recordStream } from '../../shared/streams.ts';
import { syncFolder } from '../../shared/sync-folder.ts';

const NEWLINE = 0x0a;
const TAIL_BYTES = 64 * 1024;
const MAX_NAME_BYTES = 120;

/** The files of one generation: all in one folder, each named by the offset of its first record. */
export interface GenerationFiles {
  readonly folder: string;
  /** File names begin with this. */
  readonly prefix: string;
}

export function generationFiles(root: string, generation: GenerationId, instanceId: string): GenerationFiles {
  return {
    folder: join(root, recordStream(generation.kind), safeName(instanceId)),
    prefix: `${safeName(generation.resourceId)}.${String(generation.seq).padStart(6, '0')}.`,
  };
}

/**
 * A word as part of a path: what could lead out of the folder, hide a file or be too long is encoded. Names that AWS
 * allows stay as they are, and no two words become one.
 */
export function safeName(word: string): string {
  if (word === '') return '%';
  const encoded = [...Buffer.from(word)].map((byte, at) => (isPlain(byte, at) ? String.fromCharCode(byte) : hex(byte)));
  const name = encoded.join('');
  if (name.length <= MAX_NAME_BYTES) return name;
  return `${name.slice(0, MAX_NAME_BYTES - 65)}%${createHash('sha256').update(word).digest('hex')}`;
}

function isPlain(byte: number, at: number): boolean {
  return /[A-Za-z0-9_-]/.test(String.fromCharCode(byte)) || (byte === 0x2e && at > 0);
}

function hex(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

export function pathOf(files: GenerationFiles, from: number): string {
  return join(files.folder, `${files.prefix}${String(from).padStart(16, '0')}.ndjson`);
}

/** Offsets at which the files of the generation begin, ascending. Removes what a killed writer left half-written. */
export async function listStarts(files: GenerationFiles): Promise<number[]> {
  const starts: number[] = [];
  for (const name of await readdir(files.folder)) {
    if (name.startsWith(`.${files.prefix}`)) await unlink(join(files.folder, name));
    const rest = name.startsWith(files.prefix) ? name.slice(files.prefix.length) : '';
    if (/^\d{16}\.ndjson$/.test(rest)) starts.push(Number(rest.slice(0, 16)));
  }
  return starts.sort((a, b) => a - b);
}

/** Writes a file whole or not at all; it survives a power failure when this returns, and replaces one of its name. */
export async function putFile(files: GenerationFiles, from: number, bytes: Uint8Array): Promise<void> {
  const path = pathOf(files, from);
  const temporary = join(files.folder, `.${path.slice(files.folder.length + 1)}`);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(files.folder);
}

/** Makes the folder of a generation, durably in all its parents up to the root. */
export async function makeFolder(root: string, files: GenerationFiles): Promise<void> {
  if ((await mkdir(files.folder, { recursive: true })) === undefined) return;
  for (let folder = files.folder; folder.length > root.length; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
  }
}

/** Where the last record of a file ends; 0 for a file without any. Reads the end of the file only, where that is enough. */
export async function endOf(path: string): Promise<number> {
  const file = await open(path, 'r');
  let tail: Buffer;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    tail = Buffer.alloc(length);
    await file.read(tail, 0, length, size - length);
    const isWholeLine = length === size || tail.lastIndexOf(NEWLINE, -2) !== -1;
    if (!isWholeLine) tail = await readFile(path);
  } finally {
    await file.close();
  }
  const start = tail.length > 1 ? tail.lastIndexOf(NEWLINE, -2) + 1 : 0;
  const last = rangeOf(tail.subarray(start));
  return last ? last.offset + last.length : 0;
}

/** The bytes of the records that begin at `offset` or later. */
export async function recordsFrom(path: string, offset: number): Promise<Uint8Array> {
  const bytes = await readFile(path);
  return bytes.subarray(firstAt(bytes, offset));
}

/** Removes the records that begin at `offset` or later. One system call, so whole or not at all. */
export async function cutAt(path: string, offset: number): Promise<void> {
  await truncate(path, firstAt(await readFile(path), offset));
}

function firstAt(bytes: Buffer, offset: number): number {
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    const range = rangeOf(bytes.subarray(start, end));
    if (range && range.offset >= offset) break;
    start = end;
  }
  return start;
}

/** Which bytes of the log file a record holds. */
function rangeOf(line: Buffer): { offset: number; length: number } | undefined {
  if (line.length === 0) return undefined;
  const record = JSON.parse(line.toString());
  return { offset: record.log_offset, length: record.log_length };
}
