import type { AimdSettings } from './aimd.ts';

/** Limits of the log source. Times are milliseconds. */
export interface RdsLimits {
  /** One call of a Describe action, one page. */
  readonly listTimeoutMs: number;
  /** One portion, whole. */
  readonly portionTimeoutMs: number;
  /** A complete download: until its head comes, and then between any two pieces. */
  readonly wholeIdleTimeoutMs: number;
  /** Open connections for each of lists, portions and complete downloads. */
  readonly connections: number;
  /** Pages of one listing; more is an error, not a shorter list. */
  readonly pages: number;
  /** Bytes of one answer that is held in memory. A portion is at most 1 MiB before escaping. */
  readonly answerBytes: number;
  readonly attempts: number;
  /** No attempt starts later than this after the first. */
  readonly retryBudgetMs: number;
  readonly retryBaseMs: number;
  readonly throttleBaseMs: number;
  readonly retryCapMs: number;
  /** How long a call may have to wait for its turn, by the queue before it. */
  readonly queueMs: number;
  /** Portions of one instance that may wait for the one that runs. */
  readonly waitingPerInstance: number;
  /**
   * Rates of each action. AWS publishes no quotas, so they are found by trying. In the steady state about
   * increase / ((1 - decreaseFactor) * rate) of the calls are throttled: 7 % at 1 call/s, 0.7 % at 10.
   */
  readonly rate: AimdSettings;
}

export const DEFAULT_RDS_LIMITS: RdsLimits = {
  listTimeoutMs: 10_000,
  portionTimeoutMs: 60_000,
  wholeIdleTimeoutMs: 60_000,
  connections: 32,
  pages: 200,
  answerBytes: 8 * 1024 * 1024,
  attempts: 6,
  retryBudgetMs: 30_000,
  retryBaseMs: 200,
  throttleBaseMs: 1_000,
  retryCapMs: 20_000,
  queueMs: 30_000,
  waitingPerInstance: 16,
  rate: {
    initialRate: 10,
    minRate: 0.2,
    maxRate: 500,
    increase: 0.02,
    startIncrease: 0.2,
    decreaseFactor: 0.7,
    settleMs: 1_000,
  },
};
