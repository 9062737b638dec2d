import type { Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../shared/failure.ts';
import type { ByteReader } from './model/generation.ts';

/** A file on disk, as it was when it was looked at. */
export interface DiskFile {
  /** Relative to the instance's folder, with `/`. */
  readonly name: string;
  /** Stays the same when the file is renamed, differs when another file takes the name. */
  readonly identity: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly createdAt: number;
}

/** The instance folders of a fleet; FOLDER_UNREADABLE when the root cannot be read. */
export async function listInstanceFolders(root: string): Promise<readonly string[]> {
  try {
    const names: string[] = [];
    for (const name of await readdir(root)) {
      if ((await stat(join(root, name))).isDirectory()) names.push(name);
    }
    return names.sort();
  } catch (error) {
    throw new Failure(
      'FOLDER_UNREADABLE',
      `Cannot read the fleet in ${root}: give a readable folder that holds <instance id>/<log file name>.`,
      { cause: error },
    );
  }
}

/** Whether this is the name of a folder right below the root; never true for a path that leads elsewhere. */
export async function isInstanceFolder(root: string, name: string): Promise<boolean> {
  if (/[/\\\0]/.test(name) || name === '' || name === '.' || name === '..') return false;
  return (await ifThere(stat(join(root, name))))?.isDirectory() ?? false;
}

/** Every file below an instance's folder. */
export async function listDiskFiles(folder: string, prefix = ''): Promise<readonly DiskFile[]> {
  const files: DiskFile[] = [];
  for (const entry of (await ifThere(readdir(join(folder, prefix)))) ?? []) {
    const name = `${prefix}${entry}`;
    const stats = await ifThere(stat(join(folder, name)));
    if (stats?.isDirectory()) files.push(...(await listDiskFiles(folder, `${name}/`)));
    else if (stats?.isFile()) files.push(toDiskFile(name, stats));
  }
  return files;
}

/** One file by name; undefined when it is not there. */
export async function statDiskFile(folder: string, name: string): Promise<DiskFile | undefined> {
  const stats = await ifThere(stat(join(folder, name)));
  return stats?.isFile() ? toDiskFile(name, stats) : undefined;
}

/** Opens a file for positioned reads; undefined when it is gone or, with `identity`, another file has its name. */
export async function openDiskFile(path: string, identity?: string): Promise<ByteReader | undefined> {
  const handle = await ifThere(open(path, 'r'));
  if (handle === undefined) return undefined;
  if (identity !== undefined && identityOf(await handle.stat()) !== identity) {
    await handle.close();
    return undefined;
  }
  return {
    read: async (offset, length) => {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

function toDiskFile(name: string, stats: Stats): DiskFile {
  const [modifiedAt, createdAt] = [Math.floor(stats.mtimeMs), Math.floor(stats.birthtimeMs)];
  return { name, identity: identityOf(stats), size: stats.size, modifiedAt, createdAt };
}

/** The time of birth tells a new file from an old one whose inode it got. */
function identityOf(stats: Stats): string {
  return `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`;
}

/** Undefined where a file went away between two looks. */
async function ifThere<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
