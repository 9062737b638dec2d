import type { RecordSink } from '../../shared/ports/record-sink.ts';
import type { CallEvent } from '../../shared/rds/caller.ts';
import type { LedgerContent } from '../../simulator/ledger.ts';
import type { StandaloneObserver } from '../standalone/run-standalone.ts';
import type { DemoSample } from './demo-run.ts';
import { createLagMeter } from './lag.ts';

/** Counts what the pipeline does, and takes a sample of it whenever asked. */
export interface DemoSampler {
  readonly observer: StandaloneObserver;
  readonly onCall: (event: CallEvent) => void;
  /** The sink, counted. */
  count(sink: RecordSink): RecordSink;
  /** `totals` are the simulator's, of this moment. */
  sample(now: number, totals: LedgerContent['totals']): DemoSample;
  readonly samples: readonly DemoSample[];
}

export function createDemoSampler(startedAt: number, now: () => number): DemoSampler {
  const samples: DemoSample[] = [];
  const meter = createLagMeter();
  const apiCalls: Record<string, number> = {};
  const total = { bytesArchived: 0, records: 0, rawRecords: 0, throttled: 0 };

  return {
    samples,
    onCall: ({ action, outcome }) => {
      apiCalls[action] = (apiCalls[action] ?? 0) + 1;
      if (outcome === 'UPSTREAM_THROTTLED') total.throttled += 1;
    },
    observer: {
      onDiscovery: ({ hints }) => {
        for (const hint of hints) meter.listed(hint, hint.listedAt);
      },
      onFate: ({ hint, shipped }) => {
        if (!shipped) return;
        total.bytesArchived += shipped.to - shipped.from;
        meter.archived(hint, shipped.outcome === 'gone' ? Number.POSITIVE_INFINITY : shipped.to);
      },
    },
    count: (sink) => ({
      deliver: async (batch) => {
        await sink.deliver(batch);
        total.records += batch.records;
        total.rawRecords += batch.rawRecords;
      },
    }),
    sample: (at, { bytes }) => {
      const sample: DemoSample = {
        t: (at - startedAt) / 1000,
        bytesOffered: bytes,
        ...total,
        apiCalls: { ...apiCalls },
        lagSeconds: meter.lag(now()),
      };
      samples.push(sample);
      return sample;
    },
  };
}
