import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  paginateScan,
  type QueryCommandInput,
  type ScanCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Clock } from '../ports/clock.ts';
import { dynamoFailure } from './dynamo-failure.ts';
import { isLive, type Row } from './rows.ts';
import type { SaveUpdate } from './save-update.ts';
import { type TableId, tableName } from './tables.ts';

/** What a conditional update came to: the row as it is now, ours or that of whoever is ahead. */
export type UpdateOutcome = { readonly stored: boolean; readonly row: Row };

/** The few calls on rows that positions need. Every error leaves here as a Failure; expired rows are not there. */
export interface TableAccess {
  get(table: TableId, key: Row): Promise<Row | undefined>;
  put(table: TableId, row: Row): Promise<void>;
  update(table: TableId, key: Row, update: SaveUpdate): Promise<UpdateOutcome>;
  query(table: TableId, query: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<Row>;
  scan(table: TableId, scan: Omit<ScanCommandInput, 'TableName'>): AsyncIterable<Row>;
}

export function createTableAccess(client: DynamoDBDocumentClient, environment: string, clock: Clock): TableAccess {
  const name = (table: TableId) => tableName(environment, table);
  const live = (row: Row | undefined) => (row && isLive(row, clock.now()) ? row : undefined);

  async function get(table: TableId, key: Row): Promise<Row | undefined> {
    const command = new GetCommand({ TableName: name(table), Key: key, ConsistentRead: true });
    return live((await translated(`read ${name(table)}`, () => client.send(command))).Item);
  }

  async function* rows(table: TableId, pages: AsyncIterable<{ Items?: Row[] | undefined }>): AsyncIterable<Row> {
    const iterator = pages[Symbol.asyncIterator]();
    for (;;) {
      const page = await translated(`read ${name(table)}`, () => iterator.next());
      if (page.done) return;
      for (const row of page.value.Items ?? []) if (live(row)) yield row;
    }
  }

  return {
    get,

    async put(table, row) {
      const command = new PutCommand({ TableName: name(table), Item: row });
      await translated(`write ${name(table)}`, () => client.send(command));
    },

    async update(table, key, update) {
      const command = new UpdateCommand({
        TableName: name(table),
        Key: key,
        ...update,
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        const { Attributes } = await client.send(command);
        return { stored: true, row: Attributes as Row };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw dynamoFailure(error, `write ${name(table)}`);
        // The embedded server does not give the row that won; it costs a read there.
        const winner = error.Item ? unmarshall(error.Item) : await get(table, key);
        if (!winner) throw dynamoFailure(error, `write ${name(table)}`);
        return { stored: false, row: winner };
      }
    },

    query: (table, query) => rows(table, paginateQuery({ client }, { TableName: name(table), ...query })),
    scan: (table, scan) => rows(table, paginateScan({ client }, { TableName: name(table), ...scan })),
  };
}

async function translated<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw dynamoFailure(error, doing);
  }
}
