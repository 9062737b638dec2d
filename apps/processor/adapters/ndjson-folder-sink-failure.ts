import { isNativeError } from 'node:util/types';
import { Failure, type FailureCode, isFailure } from '../../shared/failure.ts';

const CODES: Readonly<Record<string, [FailureCode, string]>> = {
  ENOSPC: ['SINK_FULL', 'is on a full disk. Make room and start again: it goes on where it stopped.'],
  EDQUOT: ['SINK_FULL', 'is over its quota. Make room and start again: it goes on where it stopped.'],
  EACCES: ['ACCESS_DENIED', 'may not be written. Give this user the right to, or choose another folder.'],
  EPERM: ['ACCESS_DENIED', 'may not be written. Give this user the right to, or choose another folder.'],
  EROFS: ['ACCESS_DENIED', 'is on a read-only file system. Choose another folder.'],
  ENOTDIR: ['FOLDER_UNREADABLE', 'is not a folder. Choose another.'],
  EEXIST: ['FOLDER_UNREADABLE', 'is not a folder. Choose another.'],
  EISDIR: ['FOLDER_UNREADABLE', 'has folders where files of records belong. Choose another.'],
};

/** What an error of the file system means for a folder of records; anything else is passed through as it is. */
export function sinkFailure(root: string, error: unknown): unknown {
  if (isFailure(error) || !isNativeError(error) || !('syscall' in error)) return error;
  const because = { cause: error, details: { cause: error.message } };
  const [code, what] = CODES[(error as NodeJS.ErrnoException).code ?? ''] ?? [
    'SINK_UNAVAILABLE',
    `does not answer (${error.message}).`,
  ];
  return new Failure(code, `The records folder ${root} ${what}`, because);
}
