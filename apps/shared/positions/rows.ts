import { createHash } from 'node:crypto';
import type { DbInstance, LogSeries } from '../log-file.ts';
import type { GenerationPosition, Job } from '../ports/positions.ts';

/** A row as the document client takes and gives it. */
export type Row = Record<string, unknown>;

const DAY_SECONDS = 86_400;
const JOB_DAYS = 30;
const INSTANCE_DAYS = 7;
const MAX_PARSER_BYTES = 64 * 1024;
const MAX_SORT_KEY_BYTES = 1024;

/** The attribute for each field of a position; `seq` is in the key. */
export const POSITION_COLUMNS = {
  fileName: 'file_name',
  state: 'state',
  end: 'end',
  chain: 'chain',
  marker: 'marker',
  sealedSize: 'sealed_size',
  reindexed: 'reindexed',
  indexed: 'indexed',
  records: 'records',
  rawRecords: 'raw_records',
  parser: 'parser',
  listedSize: 'listed_size',
  lastWritten: 'last_written',
  changedAt: 'changed_at',
  wholeOnly: 'whole_only',
  attempts: 'attempts',
  nextAttemptAt: 'next_attempt_at',
  parked: 'parked',
  lastFailure: 'last_failure',
} as const satisfies Record<Exclude<keyof GenerationPosition, 'seq'>, string>;

export function seriesKey(series: LogSeries): string {
  return `${series.resourceId}#${series.kind}`;
}

export function generationItem(seq: number): string {
  return `gen#${digits(seq, 6)}`;
}

/** Padded, so that the order of the text is that of the numbers. */
function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** The sort key for a file name; the few that DynamoDB's 1,024 bytes cannot hold are stood for by their digest. */
export function nameItem(fileName: string): string {
  const item = `name#${fileName}`;
  if (Buffer.byteLength(item) <= MAX_SORT_KEY_BYTES) return item;
  return `name#sha256:${createHash('sha256').update(fileName).digest('hex')}`;
}

export function seriesRow(series: LogSeries): Row {
  return { account_id: series.accountId, region: series.region, resource_id: series.resourceId, kind: series.kind };
}

export function rowSeries(row: Row): LogSeries {
  return {
    accountId: row['account_id'],
    region: row['region'],
    resourceId: row['resource_id'],
    kind: row['kind'],
  } as LogSeries;
}

/** Attributes of a position without its key; what is undefined is undefined here too, to be removed from the row. */
export function positionRow(position: GenerationPosition): Row {
  const row: Row = {};
  for (const [field, column] of Object.entries(POSITION_COLUMNS)) row[column] = position[field as 'fileName'];
  row['index_order'] = `${digits(position.reindexed ?? 0, 6)}#${digits(position.indexed, 16)}`;
  if (position.parser !== undefined) row['parser'] = parserJson(position.parser);
  return row;
}

export function rowPosition(row: Row): GenerationPosition {
  const position: Row = { seq: Number(String(row['item']).slice('gen#'.length)) };
  for (const [field, column] of Object.entries(POSITION_COLUMNS)) {
    if (row[column] !== undefined) position[field] = row[column];
  }
  if (position['parser'] !== undefined) position['parser'] = JSON.parse(String(position['parser']));
  return position as unknown as GenerationPosition;
}

function parserJson(parser: unknown): string {
  const json = JSON.stringify(parser);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_PARSER_BYTES) {
    throw new RangeError(
      `A parser state of ${bytes} bytes is more than the ${MAX_PARSER_BYTES} that a position holds.`,
    );
  }
  return json;
}

/** The day of a job in the index, UTC. */
export function jobDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Days back from now that still have jobs, today first. */
export function jobDays(now: number): readonly string[] {
  return Array.from({ length: JOB_DAYS + 1 }, (_, back) => jobDay(now - back * DAY_SECONDS * 1000));
}

export function jobRow(job: Job): Row {
  return {
    ...seriesRow(job.series),
    job_id: job.jobId,
    file_name: job.fileName,
    seq: job.seq,
    from: job.from,
    to: job.to,
    outcome: job.outcome,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    day: jobDay(job.finishedAt),
    expires_at: Math.floor(job.finishedAt / 1000) + JOB_DAYS * DAY_SECONDS,
  };
}

export function rowJob(row: Row): Job {
  return {
    jobId: row['job_id'],
    series: rowSeries(row),
    fileName: row['file_name'],
    seq: row['seq'],
    from: row['from'],
    to: row['to'],
    outcome: row['outcome'],
    startedAt: row['started_at'],
    finishedAt: row['finished_at'],
  } as Job;
}

export type KnownInstance = { instance: DbInstance; parameters: Readonly<Record<string, string>> };

export function instanceRow({ instance, parameters }: KnownInstance, now: number): Row {
  return {
    resource_id: instance.resourceId,
    account_id: instance.accountId,
    region: instance.region,
    instance_id: instance.instanceId,
    cluster_id: instance.clusterId,
    engine: instance.engine,
    status: instance.status,
    tags: instance.tags,
    parameters,
    expires_at: Math.floor(now / 1000) + INSTANCE_DAYS * DAY_SECONDS,
  };
}

export function rowInstance(row: Row): KnownInstance {
  const instance = {
    accountId: row['account_id'],
    region: row['region'],
    resourceId: row['resource_id'],
    instanceId: row['instance_id'],
    clusterId: row['cluster_id'],
    engine: row['engine'],
    status: row['status'],
    tags: row['tags'],
  } as DbInstance;
  return { instance, parameters: row['parameters'] as Record<string, string> };
}

/** DynamoDB deletes expired rows late; to a reader they are gone at once. */
export function isLive(row: Row, now: number): boolean {
  return typeof row['expires_at'] !== 'number' || row['expires_at'] * 1000 > now;
}
