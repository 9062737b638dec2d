import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * The embedded DynamoDB server, in a thread of its own: it throws storage errors (a full disk among them) where nobody
 * can catch them, and there they end the thread only. Posts `ready` when it listens and `closed` when all is on disk.
 */
interface DynaliteStore {
  readonly db: { open(): Promise<void> };
  readonly tableDb: {
    get(table: string, done: (error: unknown, value?: { TableStatus?: string }) => void): void;
    del(table: string, done: (error: unknown) => void): void;
  };
}

/** What `openEmbeddedPositions` hands over. */
export interface DynaliteWorkerData {
  /** Folder of the LevelDB store. */
  readonly folder: string;
  /** Path of the Unix socket to listen on. */
  readonly socket: string;
  readonly tables: readonly string[];
}

const { folder, socket, tables } = workerData as DynaliteWorkerData;
const require = createRequire(import.meta.url);
const store = captureStore();
const server = require('dynalite')({ path: folder, createTableMs: 0 }) as Server;

await store().db.open();
for (const table of tables) await forgetHalfMade(store(), table);
server.listen(socket, () => parentPort?.postMessage('ready'));
parentPort?.once('message', () => server.close(() => parentPort?.postMessage('closed')));

/** The server keeps its store to itself, and only the store can say why it could not be opened. */
function captureStore(): () => DynaliteStore {
  const db = require('dynalite/db') as { create(options: object): DynaliteStore };
  const create = db.create;
  let captured: DynaliteStore | undefined;
  db.create = (options) => {
    captured = create(options);
    return captured;
  };
  return () => {
    if (!captured) throw new Error('dynalite made no store');
    return captured;
  };
}

/** A process that was killed while it made a table leaves it `CREATING` for ever, and empty. */
async function forgetHalfMade({ tableDb }: DynaliteStore, table: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const settle = (error: unknown) => (error ? reject(error) : resolve());
  tableDb.get(table, (error, value) => {
    if (error || value?.TableStatus !== 'CREATING') settle(error);
    else tableDb.del(table, settle);
  });
  await promise;
}
