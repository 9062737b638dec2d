import { describe, expect, test } from '@jest/globals';
import { comparisonsOf } from './compare.ts';
import { estimateOf } from './estimate.ts';
import { sum } from './line.ts';
import { summarize } from './summary.ts';
import { sampleStacks } from './testing/stacks.ts';

const production = estimateOf('production', sampleStacks());
const poc = estimateOf('poc', sampleStacks());

describe('an estimate', () => {
  test('takes retention, old versions, egress and copies from the stack', () => {
    expect(production.choices).toMatchObject({
      egress: 'endpoints',
      rawRetentionDays: 90,
      archiveOldVersionDays: 30,
      searchOldVersionDays: 1,
      replicaRetentionDays: 70,
    });
    expect(poc.choices).toMatchObject({ egress: 'public', replicaRetentionDays: undefined, zones: 1 });
  });

  test('knows what 100 TB cost on the way through an interface endpoint', () => {
    const download = production.lines.find(({ item }) => item === 'log download through the RDS endpoint');
    expect(download?.onDemand).toBeCloseTo(1000, 6);
  });

  test('keeps the account-wide services out of the total', () => {
    const summary = summarize(production);
    expect(summary.total.onDemand).toBeCloseTo(sum(production.lines).onDemand, 6);
    expect(summary.accountWideLines.map(({ item }) => item)).toContain(
      'GuardDuty: management events, RDS log calls among them',
    );
    expect(summary.lines.map(({ item }) => item).join()).not.toContain('GuardDuty');
  });

  test('never charges more with spot than on demand, nor more with commitments than with spot', () => {
    for (const { onDemand, spot, committed } of [...production.lines, ...poc.lines]) {
      expect(spot).toBeLessThanOrEqual(onDemand);
      expect(committed).toBeLessThanOrEqual(spot);
    }
  });

  test('grows with the volume', () => {
    const double = estimateOf('production', sampleStacks(), { tbPerMonth: 200, instances: 632 });
    expect(sum(double.lines).onDemand).toBeGreaterThan(1.5 * sum(production.lines).onDemand);
  });

  test('refuses an environment or a stack that is not there, naming those that are', () => {
    expect(() => estimateOf('staging', sampleStacks())).toThrow('there are poc, production');
    expect(() => estimateOf('poc', new Map())).toThrow('no stack "poc"');
  });

  test('refuses a stack with a resource type that nobody priced', () => {
    const stacks = sampleStacks();
    Object.assign(stacks.get('poc')?.resource ?? {}, { aws_msk_cluster: { kafka: {} } });
    expect(() => estimateOf('poc', stacks)).toThrow('aws_msk_cluster (kafka) has no price');
  });
});

describe('comparisons', () => {
  const comparisons = comparisonsOf(production);
  const optionsOf = (choice: string) => {
    const found = comparisons.find((each) => each.choice === choice)?.options ?? [];
    return Object.fromEntries(found.map(({ name, difference }) => [name, difference]));
  };

  test('mark at most one option of each choice, and it differs by nothing', () => {
    for (const { options } of comparisons) {
      const chosen = options.filter((option) => option.chosen);
      expect(chosen.length).toBeLessThanOrEqual(1);
      for (const { difference } of chosen) expect(difference).toBeCloseTo(0, 6);
    }
  });

  test('price the three ways out of the network: NAT for all is 3,500 more than the endpoint less its hours', () => {
    const options = optionsOf('Path of the log download');
    expect(options['NAT for all']).toBeCloseTo(100_000 * (0.045 - 0.01) - 3 * 7.3, 0);
    expect(options['public subnets, nothing comes in']).toBeLessThan(-1000);
  });

  test('a right-sized Valkey beats DAX', () => {
    const options = optionsOf('Cache of API answers');
    expect(options['Valkey, 2 x cache.t4g.small']).toBeLessThan(options['DAX, 3 x dax.t3.small'] ?? 0);
  });

  test('more retention costs more, and compresses away with zstd level 6', () => {
    const days = Object.values(optionsOf('Raw bytes kept for'));
    expect(days).toEqual([...days].sort((a, b) => a - b));
    expect(optionsOf('Compression of the archive')['zstd6']).toBeLessThan(0);
    expect(optionsOf('Compression of the archive')['gzip1']).toBeGreaterThan(0);
  });
});
