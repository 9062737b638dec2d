import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../failure.ts';
import type { Archive } from '../ports/archive.ts';
import { createArchive } from './archive.ts';
import { folderFailure, isCode } from './folder-failure.ts';
import { createFolderStore } from './folder-store.ts';

/** `read`: it must be there, and nothing is written. `write`: a folder is made where it is missing. */
export type ArchiveMode = 'read' | 'write';

/**
 * Opens the archive at a folder. Failures: NOT_FOUND for a folder that is not there (mode `read`), FOLDER_UNREADABLE,
 * ACCESS_DENIED.
 */
export async function openArchive(location: string, options: { mode: ArchiveMode; level?: number }): Promise<Archive> {
  const root = resolve(location);
  if (options.mode === 'read') await expectFolder(root);
  const store = await createFolderStore(root, { create: options.mode === 'write' });
  return createArchive(store, options);
}

async function expectFolder(root: string): Promise<void> {
  if (await isFolder(root)) return;
  throw new Failure('FOLDER_UNREADABLE', `The archive ${root} is not a folder.`);
}

async function isFolder(root: string): Promise<boolean> {
  try {
    return (await stat(root)).isDirectory();
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw folderFailure(root, error);
    const message = `There is no archive in ${root}. Name the folder that "aurora-logs run --archive" writes to.`;
    throw new Failure('NOT_FOUND', message, { cause: error });
  }
}
