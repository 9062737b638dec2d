import type { DbInstance, ListedFile } from '../log-file.ts';

/** An answer of DownloadDBLogFilePortion, in the bytes that were received. */
export interface Portion {
  /** Un-escaped bytes of LogFileData; may end with the truncation notice, may be empty. */
  readonly data: Buffer;
  /** Where RDS says to go on; absent or '' in the middle of a rotation, '0' at the end of a segment. */
  readonly marker: string | undefined;
  /** AdditionalDataPending: a hint that lies in both directions, never the end of a file. */
  readonly pending: boolean;
}

export interface PortionRequest {
  readonly fileName: string;
  /** '0' reads from the start; absent reads the last lines. */
  readonly marker?: string;
  /** 1 to 10,000 lines; RDS cuts the answer at 1 MiB and says so with a notice in the data. */
  readonly lines: number;
}

/**
 * The RDS log API, as far as we use it.
 * Every method fails with a `Failure`: INSTANCE_NOT_FOUND, INSTANCE_NOT_READY (paused), LOG_FILE_GONE,
 * LOG_FILE_BINARY, ACCESS_DENIED, CREDENTIALS_INVALID, UPSTREAM_THROTTLED, UPSTREAM_UNAVAILABLE, UPSTREAM_REFUSED
 * (an answer that no repetition changes, such as a marker that RDS does not take). When the signal fires, its reason
 * is thrown. Calls are retried inside, once, here; no caller retries again in the same slice of work.
 */
export interface LogSource {
  /** All Aurora instances of the account and region, whatever their status; DocumentDB and Neptune left out. */
  instances(signal: AbortSignal): Promise<readonly DbInstance[]>;

  /** All log files of an instance, every page, in no order; [] for an instance without any. */
  files(
    instance: DbInstance,
    filter: { contains?: string; writtenSince?: number },
    signal: AbortSignal,
  ): Promise<readonly ListedFile[]>;

  /** Parameters that change how logs read (`log_line_prefix`, `log_output` …); {} where they may not be read. */
  parameters(instance: DbInstance, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;

  /**
   * One portion. The data is exactly what RDS sent, notices and repeated bytes included. One at a time per instance;
   * more wait in order, and too many fail with UPSTREAM_THROTTLED.
   */
  portion(instance: DbInstance, request: PortionRequest, signal: AbortSignal): Promise<Portion>;

  /**
   * The complete file from its first byte, as it is while it is read; chunks of any size.
   * A stream that breaks throws; it can only be begun again. Stopping the iteration early closes the connection.
   */
  whole(instance: DbInstance, fileName: string, signal: AbortSignal): AsyncIterable<Buffer>;
}
