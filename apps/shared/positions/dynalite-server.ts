import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { DynaliteWorkerData } from './dynalite-worker.ts';
import { makeSocketFolder } from './socket-folder.ts';

/** A DynamoDB server that lives as long as this process, on a socket that only its user can reach. */
export interface DynaliteServer {
  readonly socket: string;
  /** Why the server is no longer there, if it died. */
  readonly death: () => Error | undefined;
  /** Answers open requests, brings all to disk and frees the folder. Clients must have let go of the socket. */
  close(): Promise<void>;
}

/** How long a thread that has closed its store may take to end. */
const EXIT_MS = 2_000;

/** Starts the server on a folder; what the store says when it cannot open it is thrown as it is. */
export async function startDynalite(folder: string, tables: readonly string[]): Promise<DynaliteServer> {
  const { socket, remove: removeSocket } = await makeSocketFolder();
  const script = new URL(`./dynalite-worker${extname(import.meta.url)}`, import.meta.url);
  const workerData: DynaliteWorkerData = { folder, socket, tables };
  const worker = new Worker(script, { workerData, execArgv: [] });
  let death: Error | undefined;
  worker.on('error', (error: Error) => {
    death = error;
  });
  try {
    await said(worker, 'ready');
  } catch (error) {
    await removeSocket();
    throw error;
  }
  worker.unref();
  return {
    socket,
    death: () => death,
    async close() {
      if (!death) {
        worker.ref();
        const exited = once(worker, 'exit');
        worker.postMessage('close');
        await said(worker, 'closed').finally(() => endOf(worker, exited));
      }
      await removeSocket();
    },
  };
}

/** The thread ends by itself when its store is closed; ending it from here could meet LevelDB's own threads half-way. */
async function endOf(worker: Worker, exited: Promise<unknown>): Promise<void> {
  await Promise.race([exited, sleep(EXIT_MS)]);
  await worker.terminate();
}

function said(worker: Worker, word: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.on('message', (message) => {
    if (message === word) resolve();
  });
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`The embedded database ended with ${code}.`)));
  return promise;
}
