import type { Session } from './workload.ts';

/** A database server that was started for its logs. */
export interface DatabaseServer {
  /** Its log files, by what they are for. */
  readonly logs: Readonly<Partial<Record<'slowquery' | 'general' | 'audit' | 'error' | 'postgresql', string>>>;
  /** Runs one connection to its end. Statements may fail: failures are part of the log. */
  run(session: Session): Promise<void>;
  /** A few seconds of a public benchmark tool, for prepared statements of the binary protocol. */
  benchmark(seed: number, seconds: number): Promise<void>;
  /** Two sessions that lock each other out. */
  deadlock(): Promise<void>;
  stop(): Promise<void>;
}
