import type { GenerationId } from '../log-file.ts';

/** Complete records of one generation, as NDJSON. */
export interface RecordBatch {
  readonly generation: GenerationId;
  readonly instanceId: string;
  /** The records cover exactly the bytes [from, to) of the file. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  /** Records among them that did not parse. */
  readonly rawRecords: number;
  /** One JSON object and a newline per record; valid until the next batch is taken. */
  readonly ndjson: Uint8Array;
}

/** Makes records searchable. Delivering a range again, however it is cut, leaves one copy of each record. */
export interface RecordSink {
  /** The batch is durable when this returns. Failures: SINK_UNAVAILABLE (retryable), SINK_FULL, ACCESS_DENIED. */
  deliver(batch: RecordBatch): Promise<void>;
}
