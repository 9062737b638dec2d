import { randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { PutOutcome } from '../ports/archive.ts';
import { syncFolder } from '../sync-folder.ts';
import { folderFailure, isCode } from './folder-failure.ts';
import { sweepTemporaryFiles, TEMPORARY_FOLDER, temporaryName } from './folder-temporary.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Objects as files under `root`. A write is a temporary file, fsync, and `link()` to its name: a kill at any moment
 * leaves whole objects only. With `create`, the folder is made where it is missing and old temporary files are swept;
 * without, nothing is written before the first put.
 */
export async function createFolderStore(root: string, options: { create: boolean }): Promise<ObjectStore> {
  if (options.create) await sweepTemporaryFiles(root).catch(translate(root));
  return {
    putIfAbsent: (key, parts) => putIfAbsent(root, key, parts).catch(translate(root)),
    get: (key, { length } = {}) => read(join(root, key), length).catch(translate(root)),
    list: (prefix, { startAfter = '' } = {}) => walk(root, folderOf(prefix), prefix, startAfter),
    describe: (key) => join(root, key),
  };
}

function translate(root: string): (error: unknown) => never {
  return (error) => {
    throw folderFailure(root, error);
  };
}

async function putIfAbsent(root: string, key: string, parts: readonly Uint8Array[]): Promise<PutOutcome> {
  const target = join(root, key);
  const temporary = join(root, TEMPORARY_FOLDER, temporaryName(randomUUID()));
  await makeFolder(root, dirname(target));
  try {
    await writeDurably(temporary, parts);
    return await linkIfAbsent(temporary, target);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

async function linkIfAbsent(temporary: string, target: string): Promise<PutOutcome> {
  let outcome: PutOutcome = 'created';
  try {
    await link(temporary, target);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    outcome = 'exists';
  }
  // Also where another writer was first: it may not have come this far, and we go on from its object.
  await syncFolder(dirname(target));
  return outcome;
}

async function writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await openNew(path);
  try {
    for (const part of parts) await writeFile(file, part);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'wx');
  }
}

/** New folders are durable, in all their parents up to the root, before anything is put into them. */
async function makeFolder(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let parent = folder; parent.length > root.length; parent = dirname(parent)) await syncFolder(dirname(parent));
}

async function read(path: string, length: number | undefined): Promise<Buffer | undefined> {
  try {
    if (length === undefined) return await readFile(path);
    return await readStart(path, length);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** `a/b/` of `a/b/c`: the folder in which names with the prefix are. */
function folderOf(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf('/') + 1);
}

async function* walk(root: string, folder: string, prefix: string, startAfter: string): AsyncGenerator<string> {
  for (const key of await keysIn(root, folder)) {
    const isFolder = key.endsWith('/');
    if (!key.startsWith(prefix) && !(isFolder && prefix.startsWith(key))) continue;
    if (isFolder) {
      if (key > startAfter || startAfter.startsWith(key)) yield* walk(root, key, prefix, startAfter);
    } else if (key > startAfter) {
      yield key;
    }
  }
}

/** Keys of a folder, folders with a slash at the end, in the order in which S3 lists them. */
async function keysIn(root: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, folder.split('/').join(sep)), { withFileTypes: true });
    return entries.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`).sort();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw folderFailure(root, error);
  }
}
