import type { DbInstance, LogSeries } from '../log-file.ts';

/** `open`: still read. `closed`: end object written. `lost`: closed with declared loss. */
export type ChainState = 'open' | 'closed' | 'lost';

/** How far one generation has come. A cache of the archive, but for `indexed` and the listing. */
export interface GenerationPosition {
  readonly seq: number;
  /** The name at RDS under which it was last read. */
  readonly fileName: string;
  readonly state: ChainState;
  /** Bytes archived: the end of the chain. Never ahead of the archive. */
  readonly end: number;
  /** Chain hash and marker of the slot that ends at `end`; '' while the chain is empty or where no marker is known. */
  readonly chain: string;
  readonly marker: string;
  /** Length of the sealed copy, where one replaces the chain. */
  readonly sealedSize?: number;
  /** Bytes whose records were delivered; always a record boundary. */
  readonly indexed: number;
  /** Records delivered up to `indexed`, raw ones among them. */
  readonly records: number;
  readonly rawRecords: number;
  /**
   * How often indexing was begun again, counted by `save`; absent is 0. Carried along unchanged by everyone else, so
   * that a worker which does not know of it yet cannot move `indexed` forward again.
   */
  readonly reindexed?: number;
  /** Parser state at `indexed`, as the parser gave it: JSON, at most 64 KiB. */
  readonly parser?: unknown;
  /** The greatest size seen in a listing, and when RDS last wrote: what loss is measured against. */
  readonly listedSize: number;
  readonly lastWritten: number;
  /** Milliseconds since 1970 at which the listing last showed a change: closing waits from here. */
  readonly changedAt: number;
  /** A read found that portions cannot be trusted for this file (binary, truncated beyond help). */
  readonly wholeOnly?: boolean;
  readonly attempts?: number;
  readonly nextAttemptAt?: number;
  readonly parked?: boolean;
  readonly lastFailure?: string;
}

/** Where the content of a generation ends: that of its sealed copy where there is one. */
export function contentEnd(position: Pick<GenerationPosition, 'end' | 'sealedSize'>): number {
  return position.sealedSize ?? position.end;
}

/** One slice of work, for people who ask what happened. */
export interface Job {
  readonly jobId: string;
  readonly series: LogSeries;
  readonly fileName: string;
  readonly seq: number | undefined;
  readonly from: number;
  readonly to: number;
  readonly outcome: string;
  readonly startedAt: number;
  readonly finishedAt: number;
}

/**
 * What is remembered between slices of work. Losing all of it costs time, never bytes.
 * Failures: POSITIONS_UNAVAILABLE (retryable), ACCESS_DENIED, CREDENTIALS_INVALID, CONFIG_INVALID (no
 * such table); embedded also STATE_LOCKED, STATE_FULL.
 */
export interface Positions {
  /** The generations of a series, ascending by seq; the newest `last` of them where that is given. */
  generations(series: LogSeries, last?: number): Promise<readonly GenerationPosition[]>;
  generation(series: LogSeries, seq: number): Promise<GenerationPosition | undefined>;
  /** Every series that has a row. */
  series(): AsyncIterable<LogSeries>;
  /**
   * Stores the row unless the stored one is ahead: `end` and `indexed` never go back, a closed chain stays closed;
   * `chain` and `marker` go with the greater `end`, `parser` and the counts of records with the greater `indexed`.
   * Answers what is stored afterwards. `reindexFrom` is the one way back for `indexed` (after a sealed copy): the
   * position's `indexed`, counts and `parser` are then those of a record boundary at or before it.
   */
  save(
    series: LogSeries,
    position: GenerationPosition,
    options?: { reindexFrom?: number },
  ): Promise<GenerationPosition>;

  /** The generation a file name stands for, if it was ever matched. */
  nameOf(series: LogSeries, fileName: string): Promise<number | undefined>;
  rememberName(series: LogSeries, fileName: string, seq: number): Promise<void>;

  /** Kept 30 days. */
  recordJob(job: Job): Promise<void>;
  /** The newest by `finishedAt`, newest first. */
  jobs(limit: number): Promise<readonly Job[]>;

  /** Instance metadata, kept 7 days from the last time; expiry is checked on read. */
  rememberInstance(instance: DbInstance, parameters: Readonly<Record<string, string>>): Promise<void>;
  instance(
    resourceId: string,
  ): Promise<{ instance: DbInstance; parameters: Readonly<Record<string, string>> } | undefined>;
  instances(): AsyncIterable<{ instance: DbInstance; parameters: Readonly<Record<string, string>> }>;
}
