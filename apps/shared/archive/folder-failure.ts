import { types } from 'node:util';
import { Failure, isFailure } from '../failure.ts';

/** Whether `error` is the operating system's, with one of these codes. */
export function isCode(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return types.isNativeError(error) && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** What an error of the file system means for an archive in `root`; anything else is passed through as it is. */
export function folderFailure(root: string, error: unknown): unknown {
  if (isFailure(error) || !types.isNativeError(error) || !('syscall' in error)) return error;
  const because = { cause: error };
  if (isCode(error, 'ENOSPC', 'EDQUOT')) {
    const message = `The disk of the archive ${root} is full. Make room, or move the archive; nothing half-written was left.`;
    return new Failure('ARCHIVE_FULL', message, because);
  }
  if (isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV') && error.syscall === 'link') {
    const message = `The archive ${root} is on a file system without hard links, which it needs to write each object once. Choose another folder.`;
    return new Failure('FOLDER_UNREADABLE', message, because);
  }
  if (isCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    const message = `No permission for the archive ${root} (${error.message}). Give this user the right to read and write there.`;
    return new Failure('ACCESS_DENIED', message, because);
  }
  if (isCode(error, 'ENOTDIR', 'EISDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG')) {
    const message = `The archive ${root} cannot be used as a folder (${error.message}). Choose another folder.`;
    return new Failure('FOLDER_UNREADABLE', message, because);
  }
  return new Failure('ARCHIVE_UNAVAILABLE', `The archive ${root} does not answer (${error.message}).`, because);
}
