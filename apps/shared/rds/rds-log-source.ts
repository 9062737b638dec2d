import { RDSClient, type RDSClientConfig } from '@aws-sdk/client-rds';
import { Hash } from '@smithy/hash-node';
import type { Clock, Random } from '../ports/clock.ts';
import type { LogSource } from '../ports/log-source.ts';
import { type CallEvent, createCaller } from './caller.ts';
import { createDescribe } from './describe.ts';
import { createDownloads } from './downloads.ts';
import { endpointOf, isLoopback } from './endpoint.ts';
import { DEFAULT_RDS_LIMITS, type RdsLimits } from './limits.ts';
import { createTransport } from './transport.ts';

export interface RdsLogSourceOptions {
  readonly region: string;
  /** URL of the RDS API; by default where the SDK goes. */
  readonly endpoint?: string;
  /** By default the SDK's chain: environment, profile, container, instance. */
  readonly credentials?: NonNullable<RDSClientConfig['credentials']>;
  readonly limits?: Partial<RdsLimits>;
  readonly clock: Clock;
  readonly random: Random;
  /** How complete files travel; by default gzip, but identity over loopback, where it would only cost. */
  readonly downloadEncoding?: 'gzip' | 'identity';
  /** Told of every attempt of a call when it is over. Must not throw. */
  readonly onCall?: (event: CallEvent) => void;
}

/** The log API of one account and region. */
export interface RdsLogSource extends LogSource {
  /** Closes the connections; calls that run fail. */
  close(): void;
}

/** Lists by the SDK, downloads by our own byte path; one chain of credentials, one pace, one retry layer for both. */
export function createRdsLogSource(options: RdsLogSourceOptions): RdsLogSource {
  const { region, clock, random, onCall = () => {} } = options;
  const limits = { ...DEFAULT_RDS_LIMITS, ...options.limits };
  const sockets = { maxSockets: limits.connections };
  const client = new RDSClient({
    region,
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    ...(options.credentials !== undefined && { credentials: options.credentials }),
    // The caller retries; nothing below it does.
    maxAttempts: 1,
    requestHandler: { httpAgent: sockets, httpsAgent: sockets },
  });
  // The provider of the client's own chain: cached, and the same for lists and downloads.
  const { credentials } = client.config;
  const refreshCredentials = () => credentials({ forceRefresh: true });
  const caller = createCaller({ limits, clock, random, onCall, refreshCredentials });

  let resolved: Promise<URL> | undefined;
  const endpoint = () => {
    resolved ??= endpointOf(client);
    return resolved;
  };
  const encoding = async () => options.downloadEncoding ?? (isLoopback(await endpoint()) ? 'identity' : 'gzip');
  const connect = () =>
    createTransport({
      endpoint,
      region,
      credentials: () => credentials(),
      sha256: Hash.bind(null, 'sha256'),
      connections: limits.connections,
    });
  const portions = connect();
  const wholes = connect();

  return {
    ...createDescribe({ region, client, caller, limits }),
    ...createDownloads({ region, caller, limits, clock, onCall, portions, wholes, encoding }),
    close() {
      client.destroy();
      portions.close();
      wholes.close();
    },
  };
}
