import { mkdir } from 'node:fs/promises';
import { Agent, type AgentOptions } from 'node:http';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Clock, systemClock } from '../ports/clock.ts';
import type { Positions } from '../ports/positions.ts';
import { type DynaliteServer, startDynalite } from './dynalite-server.ts';
import { createDynamoPositions } from './dynamo-positions.ts';
import { embeddedFailure } from './embedded-failure.ts';
import { type TableId, tableDefinition, tableName } from './tables.ts';

const ENVIRONMENT = 'local';
const TABLES: readonly TableId[] = ['tracking', 'jobs', 'instance-metadata'];
const MAX_SOCKETS = 16;

export interface EmbeddedPositions extends Positions {
  /** Brings all to disk and lets another process have the folder. Nothing may be called afterwards. */
  close(): Promise<void>;
}

/**
 * Positions in a folder, for one process at a time. What was saved survives the end of the process however it comes,
 * kill -9 included; a power failure may take back the last seconds, in order, which costs work and no bytes.
 * Fails with STATE_LOCKED, STATE_FULL, FOLDER_UNREADABLE or STATE_CORRUPT; the first three also later, on any call.
 */
export async function openEmbeddedPositions(stateDir: string, clock: Clock = systemClock): Promise<EmbeddedPositions> {
  const server = await startServer(stateDir);
  const client = connect(server, stateDir);
  const close = async () => {
    client.destroy();
    await server.close();
  };
  try {
    await Promise.all(TABLES.map((table) => createTable(client, table)));
  } catch (error) {
    await close();
    throw embeddedFailure(error, stateDir);
  }
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { ...createDynamoPositions({ client: documents, environment: ENVIRONMENT, clock }), close };
}

async function startServer(stateDir: string): Promise<DynaliteServer> {
  try {
    const folder = join(stateDir, 'dynamodb');
    await mkdir(folder, { recursive: true });
    return await startDynalite(
      folder,
      TABLES.map((table) => tableName(ENVIRONMENT, table)),
    );
  } catch (error) {
    throw embeddedFailure(error, stateDir);
  }
}

function connect(server: DynaliteServer, stateDir: string): DynamoDBClient {
  // The agent passes what it does not know itself on to every connection.
  const agent: AgentOptions & { socketPath: string } = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    socketPath: server.socket,
  };
  const http = new NodeHttpHandler({ httpAgent: new Agent(agent) });
  const handle: NodeHttpHandler['handle'] = (request, options) => {
    const death = server.death();
    return death ? Promise.reject(embeddedFailure(death, stateDir)) : http.handle(request, options);
  };
  return new DynamoDBClient({
    endpoint: 'http://localhost',
    region: ENVIRONMENT,
    credentials: { accessKeyId: ENVIRONMENT, secretAccessKey: ENVIRONMENT },
    requestHandler: { handle, destroy: () => http.destroy() },
  });
}

async function createTable(client: DynamoDBClient, table: TableId): Promise<void> {
  try {
    await client.send(new CreateTableCommand(tableDefinition(ENVIRONMENT, table)));
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  const name = { TableName: tableName(ENVIRONMENT, table) };
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 }, name);
}
