import type { Hint } from '../shared/hint.ts';
import {
  type DbInstance,
  dbSystem,
  isFinalName,
  isNameForLife,
  type ListedFile,
  type LogKind,
  logKind,
} from '../shared/log-file.ts';
import { contentEnd, type GenerationPosition } from '../shared/ports/positions.ts';

export interface PlanSettings {
  /** A file is due when this much waits … */
  readonly dueBytes: number;
  /** … or when its oldest waiting byte is this old. */
  readonly dueAfterMs: number;
  /** As the processor's: when a still file is closed, and when its last record is delivered. */
  readonly closeAfterMs: number;
  readonly flushAfterMs: number;
}

export const PLAN_DEFAULTS: PlanSettings = {
  dueBytes: 16 * 1024 * 1024,
  dueAfterMs: 120_000,
  closeAfterMs: 15 * 60_000,
  flushAfterMs: 5 * 60_000,
};

export interface PlanInput {
  readonly instance: DbInstance;
  /** Every log file of the instance, just listed. */
  readonly listed: readonly ListedFile[];
  /** The rows of each kind, as the processors left them. */
  readonly rows: ReadonlyMap<LogKind, readonly GenerationPosition[]>;
  readonly now: number;
  /** Since when bytes wait, by file name: from the last plan of this instance. */
  readonly waitingSince: ReadonlyMap<string, number>;
}

export interface Plan {
  /** One hint per file that is due. */
  readonly hints: readonly Hint[];
  readonly waitingSince: ReadonlyMap<string, number>;
}

/** What of an instance's files has to be worked on now. Level-triggered: whatever is not finished is said again. */
export function plan(input: PlanInput, settings: PlanSettings): Plan {
  const { instance, listed, rows, now } = input;
  const waitingSince = new Map<string, number>();
  const hints: Hint[] = [];
  for (const file of listed) {
    const row = rowOf(rows.get(logKind(file.name)) ?? [], file.name);
    const since = input.waitingSince.get(file.name) ?? now;
    const due = row === undefined ? 'new' : dueReason(file, row, since, now, settings);
    if (due === 'waiting') waitingSince.set(file.name, since);
    if (due !== undefined && due !== 'waiting') hints.push(hintOf(instance, file, now));
  }
  const names = new Set(listed.map((file) => file.name));
  for (const row of [...rows.values()].flat()) {
    // No listed file has its name: renamed, or deleted at the source. The processor finds out which.
    if (row.state !== 'open' || names.has(row.fileName) || isLater(row, now)) continue;
    hints.push(hintOf(instance, { name: row.fileName, size: row.listedSize, lastWritten: row.lastWritten }, now));
  }
  return { hints, waitingSince };
}

type Due = 'bytes' | 'renamed' | 'still' | 'records' | 'waiting' | undefined;

function dueReason(file: ListedFile, row: GenerationPosition, since: number, now: number, settings: PlanSettings): Due {
  if (isLater(row, now)) return undefined;
  const written = file.lastWritten > row.lastWritten;
  const waiting = file.size - row.end;
  if (row.state !== 'open') {
    if (waiting > 0 && written) return 'bytes';
    return row.indexed < contentEnd(row) ? 'records' : undefined;
  }
  if (waiting > 0) return waiting >= settings.dueBytes || now - since >= settings.dueAfterMs ? 'bytes' : 'waiting';
  // Written to and yet not longer than what is archived: the name may stand for another file.
  if (written && !isNameForLife(file.name)) return 'renamed';
  return stillReason(file, row, now - row.changedAt, settings);
}

/** What is left to do for a file in which nothing happens any more. */
function stillReason(file: ListedFile, row: GenerationPosition, stillMs: number, settings: PlanSettings): Due {
  if (isFinalName(file.name) && stillMs >= settings.closeAfterMs) return 'still';
  return row.indexed < contentEnd(row) && stillMs >= settings.flushAfterMs ? 'records' : undefined;
}

function isLater(row: GenerationPosition, now: number): boolean {
  return row.parked === true || (row.nextAttemptAt ?? 0) > now;
}

/** The newest generation that was last read under a name. */
function rowOf(rows: readonly GenerationPosition[], fileName: string): GenerationPosition | undefined {
  return rows.findLast((row) => row.fileName === fileName);
}

const HOUR_MS = 3_600_000;

/**
 * When RDS may delete a file that was last written now. Aurora MySQL keeps its slow, general and audit logs for 24 hours
 * and error logs for 30 days, Aurora PostgreSQL 3 days by default ("Monitoring Amazon Aurora log files"); less when local
 * storage runs short.
 */
function retentionMs(instance: DbInstance, kind: LogKind): number {
  if (dbSystem(instance.engine) === 'postgresql') return 72 * HOUR_MS;
  return kind === 'error' ? 30 * 24 * HOUR_MS : 24 * HOUR_MS;
}

function hintOf(instance: DbInstance, file: ListedFile, now: number): Hint {
  const { accountId, region, resourceId, instanceId, clusterId, engine } = instance;
  const kind = logKind(file.name);
  return {
    version: 1,
    accountId,
    region,
    resourceId,
    instanceId,
    clusterId,
    engine,
    kind,
    fileName: file.name,
    size: file.size,
    lastWritten: file.lastWritten,
    listedAt: now,
    deadline: file.lastWritten + retentionMs(instance, kind),
  };
}
