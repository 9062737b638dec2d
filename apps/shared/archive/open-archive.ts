import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../failure.ts';
import type { Archive } from '../ports/archive.ts';
import { createArchive } from './archive.ts';
import { folderFailure, isCode } from './folder-failure.ts';
import { createFolderStore } from './folder-store.ts';
import { KEY_ROOT } from './keys.ts';
import type { ObjectStore } from './object-store.ts';

/** `read`: it must be there, and nothing is written. `write`: a folder is made where it is missing. */
export type ArchiveMode = 'read' | 'write';

/**
 * Opens the archive at a folder or at `s3://bucket[/prefix]` (credentials, region and endpoint as everywhere in AWS:
 * AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3). Fails at once where it could not be used: NOT_FOUND for a folder
 * (mode `read`) or bucket that is not there, FOLDER_UNREADABLE, ACCESS_DENIED, CREDENTIALS_INVALID, CONFIG_INVALID.
 */
export async function openArchive(location: string, options: { mode: ArchiveMode; level?: number }): Promise<Archive> {
  const store = location.startsWith('s3://')
    ? await openBucket(location)
    : await openFolder(resolve(location), options.mode);
  return createArchive(store, options);
}

async function openBucket(location: string): Promise<ObjectStore> {
  const [bucket = '', ...path] = location.slice('s3://'.length).split('/');
  if (bucket === '')
    throw new Failure('USAGE', `${location} names no bucket. Write s3://bucket or s3://bucket/prefix.`);
  const prefix = path.filter((part) => part !== '').join('/');
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  // An endpoint of one's own seldom has a name per bucket.
  // Loading the SDK takes longer than most commands on a folder.
  const [{ S3Client }, { createS3Store }] = await Promise.all([import('@aws-sdk/client-s3'), import('./s3-store.ts')]);
  const client = new S3Client({ maxAttempts: 1, forcePathStyle: endpoint !== undefined });
  const store = createS3Store({ client, bucket, prefix: prefix === '' ? '' : `${prefix}/` });
  for await (const _key of store.list(KEY_ROOT, { pageSize: 1 })) break;
  return store;
}

async function openFolder(root: string, mode: ArchiveMode): Promise<ObjectStore> {
  if (mode === 'read' && !(await isFolder(root))) {
    throw new Failure('FOLDER_UNREADABLE', `The archive ${root} is not a folder.`);
  }
  return createFolderStore(root, { create: mode === 'write' });
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
