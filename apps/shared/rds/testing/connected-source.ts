import { afterEach } from '@jest/globals';
import type { DbInstance } from '../../log-file.ts';
import { systemClock } from '../../ports/clock.ts';
import type { CallEvent } from '../caller.ts';
import { createRdsLogSource, type RdsLogSource, type RdsLogSourceOptions } from '../rds-log-source.ts';
import { type Answerer, type CannedRds, startCannedRds } from './canned-rds.ts';

export const instance: DbInstance = {
  accountId: '123456789012',
  region: 'eu-west-1',
  resourceId: 'db-ABC',
  instanceId: 'orders-1',
  clusterId: 'orders',
  engine: 'aurora-mysql',
  status: 'available',
  tags: {},
};
export const fileName = 'slowquery/mysql-slowquery.log';
export const never = new AbortController().signal;

export interface ConnectedSource {
  readonly log: RdsLogSource;
  readonly server: CannedRds;
  /** What `onCall` was told. */
  readonly events: readonly CallEvent[];
}

/** A log source over a server that answers what the test says; both end with the test. */
export async function connect(answer: Answerer, options: Partial<RdsLogSourceOptions> = {}): Promise<ConnectedSource> {
  const server = await startCannedRds(answer);
  const events: CallEvent[] = [];
  const log = createRdsLogSource({
    region: 'eu-west-1',
    endpoint: server.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    // Real waiting for the rate, but no time to speak of.
    clock: { now: () => Date.now(), sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 1), signal) },
    random: () => 0,
    onCall: (event) => events.push(event),
    ...options,
  });
  connected.push({ log, server, events });
  return { log, server, events };
}

const connected: ConnectedSource[] = [];
afterEach(async () => {
  for (const { log, server } of connected.splice(0)) {
    log.close();
    await server.close();
  }
});

export const portionOf = (log: RdsLogSource) => log.portion(instance, { fileName, marker: '0', lines: 100 }, never);

export async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
