import { createHash } from 'node:crypto';
import type { LogVolume } from './generation.ts';

/** One instance as the simulated account knows it. */
export interface SimulatedInstance {
  readonly instanceId: string;
  readonly resourceId: string;
  readonly clusterId: string;
  readonly engine: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The account that is simulated: its instances and their log files. */
export interface Fleet {
  readonly accountId: string;
  readonly region: string;
  /** Whether bytes that were offered once never change. */
  readonly appendOnly: boolean;
  /** All instances, by instance id. */
  instances(): Promise<readonly SimulatedInstance[]>;
  /** DBInstanceStatus; undefined for an unknown instance. */
  status(instanceId: string): Promise<string | undefined>;
  /**
   * The log files of an instance as they are now; undefined for an unknown instance. With `fileName`, at least that
   * one file is up to date.
   */
  volume(instanceId: string, fileName?: string): Promise<LogVolume | undefined>;
  /** How often an active file was replaced by a new one. */
  rotations(): number;
  /** Whether files can still grow, be rotated or be deleted by the simulator itself. */
  growing(): boolean;
}

/** What is not said about an instance, inferred from its name and its file names. */
export function inferInstance(instanceId: string, fileNames: readonly string[]): SimulatedInstance {
  const isPostgres = fileNames.some((name) => /^error\/postgres(ql)?\.log/.test(name));
  return {
    instanceId,
    resourceId: inferResourceId(instanceId),
    clusterId: instanceId.replace(/-\d+$/, ''),
    engine: isPostgres ? 'aurora-postgresql' : 'aurora-mysql',
    status: 'available',
    tags: {},
    parameters: isPostgres ? { log_line_prefix: '%t:%r:%u@%d:[%p]:' } : {},
  };
}

/** `db-` or `cluster-` and 26 characters of A-Z and 2-7, always the same for the same name. */
export function inferResourceId(name: string, prefix = 'db'): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha256').update(`${prefix}/${name}`).digest();
  return `${prefix}-${Array.from(digest.subarray(0, 26), (byte) => alphabet[byte % 32]).join('')}`;
}

/** States in which RDS answers DBInstanceNotReady to the log API. */
export function isReady(status: string): boolean {
  return !/^(creating|deleting|failed|paused|starting|stopped|stopping|inaccessible.*|incompatible.*)$/.test(status);
}
