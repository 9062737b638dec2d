import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Failure } from '../shared/failure.ts';
import { type Clock, systemClock } from '../shared/ports/clock.ts';
import { readFleetFile } from './fleet-file.ts';
import { listInstanceFolders } from './folder.ts';
import { createFolderFleet } from './folder-fleet.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createLiveFleet, type LiveOptions } from './live-fleet.ts';
import { createFaults, type FaultOptions } from './model/faults.ts';
import { createLogApi } from './model/log-api.ts';
import type { CutBytes } from './model/portion.ts';
import { type CallCounts, createRdsServer } from './server.ts';

export interface SimulatorOptions {
  /** The folder of the fleet: `<instance id>/<log file name>`, and `fleet.json` if there is one. */
  readonly root: string;
  /** 0 or absent: any free one. */
  readonly port?: number | undefined;
  /** Makes everything random repeatable; 1 by default. */
  readonly seed?: number | undefined;
  /** Replays the folder as a fleet that grows; absent serves it as it is. */
  readonly live?: LiveOptions | undefined;
  readonly faults?: FaultOptions | undefined;
  /** Most files per page of DescribeDBLogFiles; 1000 by default. */
  readonly pageSize?: number | undefined;
  /** Where a marker stands behind a line that was cut at 1 MiB; `skip` by default. */
  readonly cutBytes?: CutBytes | undefined;
  readonly clock?: Clock | undefined;
  /** Told of what should not happen; written to stderr by default. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface Simulator {
  readonly url: string;
  /** What was offered so far. */
  readonly ledger: Ledger;
  /** Stops growing and serving; open connections are cut. Idempotent. */
  close(): Promise<void>;
}

/** Connections beyond this are closed at once. */
export const MAX_CONNECTIONS = 1024;

/**
 * Starts a simulated RDS on 127.0.0.1.
 * Fails with FOLDER_UNREADABLE, CONFIG_INVALID (fleet.json) or ADDRESS_IN_USE.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { root, seed = 1, clock = systemClock } = options;
  if ((await listInstanceFolders(root)).length === 0) {
    throw new Failure('FOLDER_UNREADABLE', `${root} holds no folder: expected ${root}/<instance id>/<log file name>.`);
  }
  const faults = createFaults(options.faults ?? {}, seed);
  const file = await readFleetFile(root);
  const live = options.live && (await createLiveFleet(root, file, options.live, { seed, faults, clock }));
  const fleet = live ?? createFolderFleet(root, file);
  const calls: CallCounts = { byAction: new Map(), throttled: 0 };
  const ledger = createLedger(fleet, calls);
  const { pageSize = 1000, cutBytes = 'skip' } = options;
  const api = createLogApi({ fleet, faults, now: clock.now, pageSize, cutBytes });
  const onError = options.onError ?? ((error) => process.stderr.write(`simulator: ${describe(error)}\n`));
  const server = createRdsServer({ fleet, api, faults, clock, ledger, calls, onError });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(options.port ?? 0, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw translateListenError(error, options.port ?? 0);
  }
  const stop = new AbortController();
  const grown = live?.run(stop.signal).catch(onError);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger,
    close: async () => {
      stop.abort();
      await grown;
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function translateListenError(error: unknown, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const why = code === 'EADDRINUSE' ? 'is in use' : 'may not be used by this user';
  return new Failure('ADDRESS_IN_USE', `Port ${port} of 127.0.0.1 ${why}: choose another, or 0 for any free one.`, {
    cause: error,
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
