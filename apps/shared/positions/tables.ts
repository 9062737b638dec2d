import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** Attribute that DynamoDB deletes a row by: seconds since 1970. Rows outlive it by up to days, so readers check too. */
export const EXPIRY_ATTRIBUTE = 'expires_at';

/** Index of the jobs table: the jobs of one day (UTC, YYYY-MM-DD) in the order in which they finished. */
export const JOBS_BY_DAY = 'by-day';

/** Key attributes of each table, all strings but `finished_at`; the rest of a row is not part of its shape. */
const TABLES = {
  'instance-metadata': { partition: 'resource_id', expires: true },
  tracking: { partition: 'resource_kind', sort: 'item', expires: false },
  jobs: { partition: 'job_id', expires: true, index: { name: JOBS_BY_DAY, partition: 'day', sort: 'finished_at' } },
  'api-cache': { partition: 'request', expires: true },
} as const;

export type TableId = keyof typeof TABLES;

export const TABLE_IDS = Object.keys(TABLES) as readonly TableId[];

/** Name of a table in an environment: `aurora-logs-poc-tracking`. */
export function tableName(environment: string, table: TableId): string {
  return `aurora-logs-${environment}-${table}`;
}

/** The attribute by which rows of the table expire, if they do. */
export function expiryAttribute(table: TableId): string | undefined {
  return TABLES[table].expires ? EXPIRY_ATTRIBUTE : undefined;
}

/** What CreateTable takes for this table; expiry is set apart, by UpdateTimeToLive. */
export function tableDefinition(environment: string, table: TableId): CreateTableCommandInput {
  const shape: { partition: string; sort?: string; index?: { name: string; partition: string; sort: string } } =
    TABLES[table];
  const attributes = [shape.partition, shape.sort, shape.index?.partition, shape.index?.sort];
  return {
    TableName: tableName(environment, table),
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes
      .filter((name) => name !== undefined)
      .map((name) => ({ AttributeName: name, AttributeType: name === 'finished_at' ? 'N' : 'S' })),
    KeySchema: keySchema(shape.partition, shape.sort),
    ...(shape.index && {
      GlobalSecondaryIndexes: [
        {
          IndexName: shape.index.name,
          KeySchema: keySchema(shape.index.partition, shape.index.sort),
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  };
}

function keySchema(partition: string, sort?: string): CreateTableCommandInput['KeySchema'] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    ...(sort ? [{ AttributeName: sort, KeyType: 'RANGE' as const }] : []),
  ];
}
