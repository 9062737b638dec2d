/** The state of a demo at one moment. Counters count from its start and never fall. */
export interface DemoSample {
  /** Seconds since the demo began. */
  readonly t: number;
  /** Bytes that the log files of all instances ever held. */
  readonly bytesOffered: number;
  readonly bytesArchived: number;
  /** Records written, raw ones included. */
  readonly records: number;
  readonly rawRecords: number;
  /** Calls of the RDS API by action. */
  readonly apiCalls: Readonly<Record<string, number>>;
  /** Calls among them that were answered with Throttling. */
  readonly throttled: number;
  /** Age of the oldest byte that is not archived yet, over the instances; seconds. */
  readonly lagSeconds: { readonly p50: number; readonly max: number };
}

export interface DemoInstance {
  readonly instanceId: string;
  readonly clusterId: string;
  readonly engine: string;
  /** Log files, each counted once whatever names it had. */
  readonly files: number;
  readonly rotations: number;
  readonly bytesGenerated: number;
  readonly bytesArchived: number;
  readonly bytesLost: number;
  readonly bytesDuplicated: number;
  readonly recordsParsed: number;
  readonly recordsRaw: number;
}

/** A log file that got its final name, or was followed by one with a new name. */
export interface DemoRotation {
  readonly t: number;
  readonly instanceId: string;
}

/** All that a finished demo knows of itself. */
export interface DemoRun {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Version of the program. */
  readonly version: string;
  /** One sample a second, ascending in `t`. */
  readonly samples: readonly DemoSample[];
  readonly rotationMarks: readonly DemoRotation[];
  readonly perInstance: readonly DemoInstance[];
  readonly bytesGenerated: number;
  readonly bytesArchived: number;
  readonly bytesLost: number;
  readonly bytesDuplicated: number;
  readonly recordsParsed: number;
  readonly recordsRaw: number;
  /** What the audit of the archive and the records found wrong. */
  readonly problems: number;
  readonly apiCalls: number;
  readonly throttled: number;
  readonly rotations: number;
  readonly seconds: number;
  /** Files that were restored from the archive and compared with what the simulator had offered. */
  readonly filesCompared: number;
  readonly filesIdentical: number;
}
