import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Beside the objects, so that `link()` stays on one file system; no key begins with a dot. */
export const TEMPORARY_FOLDER = '.tmp';

/** No write takes this long. */
const STALE_AFTER_MS = 3_600_000;

const host = hostname().replaceAll(/[^A-Za-z0-9-]/g, '_');

/** A name that says who writes, so that the next start can tell the files of the dead. */
export function temporaryName(unique: string): string {
  return `${host}.${process.pid}.${unique}`;
}

/** Makes the folder for temporary files, and removes those whose writer is dead or that are over an hour old. */
export async function sweepTemporaryFiles(root: string): Promise<void> {
  const folder = join(root, TEMPORARY_FOLDER);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (isOfDeadProcess(name) || (await isOld(path))) await unlink(path).catch(() => undefined);
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > STALE_AFTER_MS;
}

function isOfDeadProcess(name: string): boolean {
  const [writer, pid] = name.split('.');
  if (writer !== host || !/^\d+$/.test(pid ?? '')) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
