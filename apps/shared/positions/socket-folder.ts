import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOCKET = 'dynamodb.sock';
/** `aurora-logs-<process id>-<random>`. */
const FOLDER_NAME = /^aurora-logs-(\d+)-\w+$/;

/** A folder in the system's temporary folder, open to this user alone, with room for one socket. */
export interface SocketFolder {
  /** Where to listen. */
  readonly socket: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder named after this process, and removes those of processes that were killed before they could. Not in the
 * state folder: the path of a socket has room for about a hundred bytes only.
 */
export async function makeSocketFolder(parent = tmpdir()): Promise<SocketFolder> {
  await sweep(parent);
  const folder = await mkdtemp(join(parent, `aurora-logs-${process.pid}-`));
  return { socket: join(folder, SOCKET), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = FOLDER_NAME.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid)) || (await isListening(join(parent, name, SOCKET)))) continue;
    // Another user's, or just swept by another process: what is left is empty, and no reason not to start.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Containers may share the folder and not the process ids: a socket that answers is in use all the same. */
function isListening(socket: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const connection = createConnection(socket, () => resolve(true));
  connection.once('error', () => resolve(false));
  return promise.finally(() => connection.destroy());
}
