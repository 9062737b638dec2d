import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Failure } from '../failure.ts';
import type { LogSeries } from '../log-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { GenerationPosition, Positions } from '../ports/positions.ts';
import { mergePositions } from './merge.ts';
import {
  generationItem,
  instanceRow,
  jobDays,
  jobRow,
  nameItem,
  type Row,
  rowInstance,
  rowJob,
  rowPosition,
  rowSeries,
  seriesKey,
  seriesRow,
} from './rows.ts';
import { saveUpdate } from './save-update.ts';
import { createTableAccess, type TableAccess } from './table-access.ts';
import { JOBS_BY_DAY } from './tables.ts';

export interface DynamoPositionsOptions {
  /** Must be made with `marshallOptions: { removeUndefinedValues: true }`. */
  readonly client: DynamoDBDocumentClient;
  /** The part of the table names that tells environments apart: `poc`, `production`. */
  readonly environment: string;
  readonly clock: Clock;
}

/** Each lost race means that another writer got on; so many in a row mean that something is wrong. */
const MAX_RACES = 8;

/** Positions, jobs and instance metadata in the tables of `tables.ts`. Retries are the client's business. */
export function createDynamoPositions({ client, environment, clock }: DynamoPositionsOptions): Positions {
  const table = createTableAccess(client, environment, clock);
  return { ...chains(table), ...names(table), ...jobs(table, clock), ...instances(table, clock) };
}

function chains(table: TableAccess): Pick<Positions, 'generations' | 'generation' | 'series' | 'save'> {
  return {
    async generations(series, last) {
      const rows = table.query('tracking', {
        KeyConditionExpression: 'resource_kind = :key AND begins_with(#item, :prefix)',
        ExpressionAttributeNames: { '#item': 'item' },
        ExpressionAttributeValues: { ':key': seriesKey(series), ':prefix': 'gen#' },
        ConsistentRead: true,
        ScanIndexForward: false,
        ...(last === undefined ? {} : { Limit: last }),
      });
      return (await take(rows, last ?? Number.POSITIVE_INFINITY)).map(rowPosition).reverse();
    },

    async generation(series, seq) {
      const row = await table.get('tracking', generationKey(series, seq));
      return row && rowPosition(row);
    },

    async *series() {
      const seen = new Set<string>();
      const rows = table.scan('tracking', {
        FilterExpression: 'begins_with(#item, :prefix)',
        ProjectionExpression: 'account_id, #region, resource_id, kind',
        ExpressionAttributeNames: { '#item': 'item', '#region': 'region' },
        ExpressionAttributeValues: { ':prefix': 'gen#' },
      });
      for await (const row of rows) {
        const series = rowSeries(row);
        if (seen.has(seriesKey(series))) continue;
        seen.add(seriesKey(series));
        yield series;
      }
    },

    async save(series, position, { reindexFrom } = {}) {
      if (reindexFrom === undefined) return saveMerged(table, series, position);
      if (position.indexed > reindexFrom) {
        throw new RangeError(
          `Cannot index again from ${reindexFrom} with the counts and state of ${position.indexed}.`,
        );
      }
      return saveMerged(table, series, { ...position, reindexed: (position.reindexed ?? 0) + 1 });
    },
  };
}

async function saveMerged(table: TableAccess, series: LogSeries, position: GenerationPosition) {
  const key = generationKey(series, position.seq);
  let next = position;
  for (let race = 0; race < MAX_RACES; race++) {
    const outcome = await table.update('tracking', key, saveUpdate(series, next));
    const stored = rowPosition(outcome.row);
    if (outcome.stored) return stored;
    next = mergePositions(stored, position);
    if (isDeepStrictEqual(next, stored)) return stored;
  }
  throw new Failure('POSITIONS_UNAVAILABLE', `Other writers changed ${key.resource_kind} ${MAX_RACES} times in a row.`);
}

function names(table: TableAccess): Pick<Positions, 'nameOf' | 'rememberName'> {
  const key = (series: LogSeries, fileName: string) => ({
    resource_kind: seriesKey(series),
    item: nameItem(fileName),
  });
  return {
    async nameOf(series, fileName) {
      const row = await table.get('tracking', key(series, fileName));
      return row?.['seq'] as number | undefined;
    },
    rememberName: (series, fileName, seq) =>
      table.put('tracking', { ...key(series, fileName), ...seriesRow(series), file_name: fileName, seq }),
  };
}

function jobs(table: TableAccess, clock: Clock): Pick<Positions, 'recordJob' | 'jobs'> {
  return {
    recordJob: (job) => table.put('jobs', jobRow(job)),

    async jobs(limit) {
      const newest: Row[] = [];
      for (const day of jobDays(clock.now())) {
        if (newest.length >= limit) break;
        const rows = table.query('jobs', {
          IndexName: JOBS_BY_DAY,
          KeyConditionExpression: '#day = :day',
          ExpressionAttributeNames: { '#day': 'day' },
          ExpressionAttributeValues: { ':day': day },
          ScanIndexForward: false,
          Limit: limit - newest.length,
        });
        newest.push(...(await take(rows, limit - newest.length)));
      }
      return newest.map(rowJob);
    },
  };
}

function instances(table: TableAccess, clock: Clock): Pick<Positions, 'rememberInstance' | 'instance' | 'instances'> {
  return {
    rememberInstance: (instance, parameters) =>
      table.put('instance-metadata', instanceRow({ instance, parameters }, clock.now())),

    async instance(resourceId) {
      const row = await table.get('instance-metadata', { resource_id: resourceId });
      return row && rowInstance(row);
    },

    async *instances() {
      for await (const row of table.scan('instance-metadata', {})) yield rowInstance(row);
    },
  };
}

function generationKey(series: LogSeries, seq: number): { resource_kind: string; item: string } {
  return { resource_kind: seriesKey(series), item: generationItem(seq) };
}

async function take(rows: AsyncIterable<Row>, count: number): Promise<Row[]> {
  const taken: Row[] = [];
  for await (const row of rows) if (taken.push(row) >= count) break;
  return taken;
}
