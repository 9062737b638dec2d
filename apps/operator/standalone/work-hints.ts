import { createHash } from 'node:crypto';
import type { ShipLogFile, Shipped } from '../../processor/ship-log-file.ts';
import { isFailure } from '../../shared/failure.ts';
import type { Hint } from '../../shared/hint.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { HintDelivery, Hints } from '../../shared/ports/hints.ts';
import type { Positions } from '../../shared/ports/positions.ts';
import { endsRun } from './ends-run.ts';
import { together } from './together.ts';

/** What became of a hint: a slice was shipped, or the environment failed. */
export interface Fate {
  readonly hint: Hint;
  readonly shipped?: Shipped;
  readonly error?: unknown;
}

export interface WorkerDeps {
  readonly hints: Hints;
  readonly positions: Positions;
  readonly ship: ShipLogFile;
  readonly clock: Clock;
  /** Files worked on at once. */
  readonly concurrency: number;
  readonly onFate: (fate: Fate) => void;
}

/**
 * Works on hints until the signal fires, each worker on one file at a time, and returns when the last slice has ended. A
 * failure of the environment ends a slice, never the workers; a bug, or a failure that every file would meet, is thrown.
 */
export async function workHints(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const worker = async (stop: AbortSignal) => {
    for await (const delivery of deps.hints.consume(stop)) await workOn(deps, delivery, stop);
  };
  await together(
    signal,
    Array.from({ length: deps.concurrency }, () => worker),
  );
}

async function workOn(deps: WorkerDeps, delivery: HintDelivery, signal: AbortSignal): Promise<void> {
  const { hint } = delivery;
  const startedAt = deps.clock.now();
  try {
    const shipped = await deps.ship(hint, signal);
    await recordJob(deps, hint, shipped, startedAt);
    if (shipped.sinkFailure !== undefined && endsRun(shipped.sinkFailure)) throw shipped.sinkFailure;
    if (shipped.more && !signal.aborted) await deps.hints.publish([hint]);
    deps.onFate({ hint, shipped });
    await delivery.ack();
  } catch (error) {
    await delivery.nack(error);
    if (signal.aborted && (error === signal.reason || isFailure(error))) return;
    if (endsRun(error)) throw error;
    deps.onFate({ hint, error });
  }
}

async function recordJob(deps: WorkerDeps, hint: Hint, shipped: Shipped, startedAt: number): Promise<void> {
  if (shipped.to === shipped.from && shipped.outcome === 'archived') return;
  const { accountId, region, resourceId, kind, fileName } = hint;
  const { seq, from, to, outcome } = shipped;
  await deps.positions.recordJob({
    jobId: createHash('sha256')
      .update(`${resourceId}/${kind}/${seq}/${fileName}/${from}-${to}/${startedAt}`)
      .digest('hex')
      .slice(0, 26),
    series: { accountId, region, resourceId, kind },
    fileName,
    seq,
    from,
    to,
    outcome,
    startedAt,
    finishedAt: deps.clock.now(),
  });
}
