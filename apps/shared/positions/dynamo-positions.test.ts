import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../ports/clock.ts';
import { type DynamoDbLocal, startDynamoDbLocal, whyNoDynamoDbLocal } from '../testing/dynamodb-local.ts';
import { describePositions } from '../testing/positions-contract.ts';
import { createDynamoPositions } from './dynamo-positions.ts';
import { TABLE_IDS, tableDefinition } from './tables.ts';

const STARTUP_MS = 300_000;
const why = await whyNoDynamoDbLocal();
if (why) process.stderr.write(`DynamoDB Local is not tested against: ${why}. CI does.\n`);

(why ? describe.skip : describe)('DynamoDB', () => {
  let local: DynamoDbLocal;
  let client: DynamoDBClient;
  beforeAll(async () => {
    local = await startDynamoDbLocal();
    client = new DynamoDBClient({
      endpoint: local.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    for (const table of TABLE_IDS) await client.send(new CreateTableCommand(tableDefinition('test', table)));
  }, STARTUP_MS);
  afterAll(() => local?.close());

  const documents = () => DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

  describePositions('DynamoDB', async (clock) => ({
    positions: createDynamoPositions({ client: documents(), environment: 'test', clock }),
    close: () => Promise.resolve(),
  }));

  it('says which environment has no such table', async () => {
    const positions = createDynamoPositions({ client: documents(), environment: 'absent', clock: systemClock });
    await expect(positions.jobs(1)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('aurora-logs-absent-jobs'),
    });
  });

  it('calls a server that is gone unavailable, to be tried again', async () => {
    const gone = new DynamoDBClient({
      endpoint: 'http://127.0.0.1:1',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    const options = { client: DynamoDBDocumentClient.from(gone), environment: 'test', clock: systemClock };
    await expect(createDynamoPositions(options).jobs(1)).rejects.toMatchObject({
      code: 'POSITIONS_UNAVAILABLE',
      retryable: true,
    });
  });
});
