import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Discovery } from '../../discovery/discover.ts';
import type { Shipped } from '../../processor/ship-log-file.ts';
import { Failure } from '../../shared/failure.ts';
import type { Hint } from '../../shared/hint.ts';
import type { DbInstance } from '../../shared/log-file.ts';
import { createOutput } from '../output.ts';
import { createRunReporter, type RunReporter } from './run-reporter.ts';

const HINT = { instanceId: 'orders-1', fileName: 'error/mysql-error.log' } as Hint;
const REFUSED = new Failure('ACCESS_DENIED', 'AWS does not allow it.');
const shipped = (change: Partial<Shipped> = {}): Shipped => ({
  ...{ outcome: 'archived', from: 0, to: 1500, more: false },
  ...change,
});

function discovery(failed: Discovery['failed'] = []): Discovery {
  const instances = [{ instanceId: 'orders-1' }, { instanceId: 'orders-2' }] as DbInstance[];
  return { instances, others: [], files: 3, bytesListed: 4000, hints: [], failed };
}

describe.each([{ json: false }, { json: true }])('the reporter of a run, with %j', ({ json }) => {
  let out: string[];
  let err: string[];
  let reporter: RunReporter;
  let now = 0;
  const collect = (lines: string[]) =>
    new Writable({
      write: (bytes, _encoding, done) => {
        lines.push(...String(bytes).trimEnd().split('\n'));
        done();
      },
    });

  beforeEach(() => {
    [out, err, now] = [[], [], 0];
    const output = createOutput({ json }, collect(out), collect(err));
    reporter = createRunReporter(output, { now: () => now, sleep: async () => {} });
  });

  it('sums up what was done and what was not', () => {
    reporter.onCall({ action: 'DescribeDBInstances', outcome: 'UPSTREAM_THROTTLED' } as never);
    reporter.onCall({ action: 'DescribeDBInstances', outcome: 'ok' } as never);
    reporter.onDiscovery(discovery());
    reporter.onFate({ hint: HINT, shipped: shipped() });
    reporter.onFate({ hint: HINT, shipped: shipped({ from: 1500, to: 2000 }) });
    now = 2500;
    reporter.summary([{ what: 'orders-2', error: REFUSED }]);
    expect(err).toContain('not done: orders-2: AWS does not allow it.');
    if (!json) return expect(out).toEqual(['2 instances, 3 files: 2.0 kB archived in 2.5 s.']);
    expect(out.map((line) => JSON.parse(line)).at(-1)).toEqual({
      ...{ message_type: 'summary', instances: 2, files: 3, bytesListed: 4000, bytesArchived: 2000, slices: 2 },
      ...{ apiCalls: 2, throttled: 1, undone: ['orders-2'], seconds: 2.5 },
    });
  });

  it('warns of a failure once while it stays the same, and again after it went well', () => {
    const fail = () => reporter.onFate({ hint: HINT, error: REFUSED });
    fail();
    fail();
    expect(err).toEqual(['orders-1 error/mysql-error.log: AWS does not allow it. (ACCESS_DENIED)']);
    reporter.onFate({ hint: HINT, error: new Failure('LOG_FILE_BINARY', 'Not text.') });
    reporter.onFate({ hint: HINT, shipped: shipped() });
    fail();
    expect(err).toHaveLength(3);
    const warnings = out.map((line) => JSON.parse(line));
    if (json) expect(warnings[0]).toMatchObject({ message_type: 'warning', code: 'ACCESS_DENIED' });
    expect(warnings).toHaveLength(json ? 3 : 0);
  });

  it('remembers what it warned of for ten thousand files, and then begins again', () => {
    const fail = (at: number) => reporter.onFate({ hint: { ...HINT, fileName: `error/${at}` }, error: REFUSED });
    for (let at = 0; at < 10_000; at += 1) fail(at);
    fail(0);
    expect(err).toHaveLength(10_000);
    fail(10_000);
    fail(0);
    expect(err).toHaveLength(10_002);
  });

  it('names instances and the fleet where they cannot be listed, undelivered records and declared loss', () => {
    const [orders2] = discovery().instances.slice(1) as [DbInstance];
    reporter.onDiscovery(discovery([{ instance: orders2, error: REFUSED }]));
    reporter.onLookFailed(new Failure('UPSTREAM_UNAVAILABLE', 'No answer.'));
    reporter.onFate({ hint: HINT, shipped: shipped({ sinkFailure: new Failure('SINK_UNAVAILABLE', 'No room.') }) });
    reporter.onFate({ hint: HINT, shipped: shipped({ outcome: 'lost', to: 0 }) });
    expect(err).toEqual([
      'orders-2: AWS does not allow it. (ACCESS_DENIED)',
      'the fleet: No answer. (UPSTREAM_UNAVAILABLE)',
      'orders-1 error/mysql-error.log: No room. (SINK_UNAVAILABLE)',
      'orders-1 error/mysql-error.log: deleted at the source before it was read; the loss is declared in the archive.',
    ]);
  });

  it('says nothing of its progress at once', () => {
    reporter.onDiscovery(discovery());
    expect([...out, ...err]).toEqual([]);
  });
});
