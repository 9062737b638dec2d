import { describe, expect, it } from '@jest/globals';
import type { Discovery } from '../../discovery/discover.ts';
import type { Shipped } from '../../processor/ship-log-file.ts';
import { Failure } from '../../shared/failure.ts';
import type { Hint } from '../../shared/hint.ts';
import type { RecordBatch } from '../../shared/ports/record-sink.ts';
import type { LedgerContent } from '../../simulator/ledger.ts';
import { createDemoSampler } from './demo-sampler.ts';

const HINT = { instanceId: 'orders-1', fileName: 'a.log', size: 50, listedAt: 1000 } as Hint;
const totals = (bytes: number) => ({ bytes }) as LedgerContent['totals'];
const shipped = (change: Partial<Shipped> = {}): Shipped => ({
  ...{ outcome: 'archived', from: 0, to: 50, more: false },
  ...change,
});

function createSampler() {
  const sampler = createDemoSampler(1000, () => 4000);
  const listed = { hints: [HINT] } as unknown as Discovery;
  return { sampler, look: () => sampler.observer.onDiscovery?.(listed) };
}

describe('the sampler of a demo', () => {
  it('counts calls by action, those that were throttled, and bytes that were archived', () => {
    const { sampler } = createSampler();
    const call = (action: string, outcome: string) => sampler.onCall({ action, outcome } as never);
    call('DescribeDBLogFiles', 'ok');
    call('DescribeDBLogFiles', 'UPSTREAM_THROTTLED');
    call('DownloadDBLogFilePortion', 'ok');
    sampler.observer.onFate?.({ hint: HINT, shipped: shipped() });
    sampler.observer.onFate?.({ hint: HINT, shipped: shipped({ from: 50, to: 80 }) });
    sampler.observer.onFate?.({ hint: HINT, error: new Error('no') });
    const sample = sampler.sample(3500, totals(100));
    expect(sample).toMatchObject({ t: 2.5, bytesOffered: 100, bytesArchived: 80, throttled: 1 });
    expect(sample.apiCalls).toEqual({ DescribeDBLogFiles: 2, DownloadDBLogFilePortion: 1 });
    call('DescribeDBLogFiles', 'ok');
    expect(sampler.sample(4500, totals(100)).apiCalls['DescribeDBLogFiles']).toBe(3);
    expect(sampler.samples.map((one) => [one.t, one.apiCalls['DescribeDBLogFiles']])).toEqual([
      [2.5, 2],
      [3.5, 3],
    ]);
  });

  it('counts the records that the sink took, and none that it refused', async () => {
    const { sampler } = createSampler();
    const batch = { records: 10, rawRecords: 3 } as RecordBatch;
    await sampler.count({ deliver: async () => {} }).deliver(batch);
    const full = new Failure('SINK_FULL', 'full');
    await expect(sampler.count({ deliver: () => Promise.reject(full) }).deliver(batch)).rejects.toBe(full);
    expect(sampler.sample(2000, totals(0))).toMatchObject({ records: 10, rawRecords: 3 });
  });

  it('measures lag from listing to archive, and waits for no file that is gone', () => {
    const { sampler, look } = createSampler();
    look();
    expect(sampler.sample(4000, totals(50)).lagSeconds.max).toBe(3);
    sampler.observer.onFate?.({ hint: HINT, shipped: shipped() });
    expect(sampler.sample(4000, totals(50)).lagSeconds.max).toBe(0);
    look();
    sampler.observer.onFate?.({ hint: HINT, shipped: shipped({ outcome: 'gone', to: 0 }) });
    expect(sampler.sample(4000, totals(50)).lagSeconds.max).toBe(0);
  });
});
