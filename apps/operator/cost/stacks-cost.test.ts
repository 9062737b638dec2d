import { beforeAll, describe, expect, test } from '@jest/globals';
import { estimateOf } from './estimate.ts';
import type { Line } from './line.ts';
import { RESOURCE_TYPES } from './resources.ts';
import { type Summary, summarize } from './summary.ts';
import { resourcesOf, type StackFile, synthesize } from './synthesized.ts';

const LIMITS = { poc: 150, production: 7000 };

describe('the stacks of this release', () => {
  let stacks: ReadonlyMap<string, StackFile>;
  let poc: Summary;
  let production: Summary;

  beforeAll(async () => {
    stacks = await synthesize(process.cwd());
    poc = summarize(estimateOf('poc', stacks));
    production = summarize(estimateOf('production', stacks));
  }, 60_000);

  test('hold no resource type that nobody priced', () => {
    const types = new Set([...stacks.values()].flatMap((stack) => resourcesOf(stack).map(({ type }) => type)));
    expect([...types].filter((type) => !(type in RESOURCE_TYPES))).toEqual([]);
    expect(types.size).toBeGreaterThan(50);
  });

  test('have a line wherever a resource type is priced by what flows through it', () => {
    for (const [name, summary] of [['poc', poc] as const, ['production', production] as const]) {
      const types = new Set(resourcesOf(stacks.get(name) as StackFile).map(({ type }) => type));
      const sections = new Set([...summary.lines, ...summary.accountWideLines].map(({ section }: Line) => section));
      for (const type of types) {
        const pricing = RESOURCE_TYPES[type];
        if (pricing && 'flow' in pricing)
          expect({ type, priced: sections.has(pricing.flow) }).toEqual({ type, priced: true });
      }
    }
  });

  test('cost at most 150 USD a month for poc, even when no spot capacity is to be had', () => {
    expect(poc.total.onDemand).toBeLessThanOrEqual(LIMITS.poc);
  });

  test('cost at most 7,000 USD a month for production at 100 TB, even on demand', () => {
    expect(production.volume).toEqual({ tbPerMonth: 100, instances: 316 });
    expect(production.total.onDemand).toBeLessThanOrEqual(LIMITS.production);
  });

  test('stay below their own budgets', () => {
    for (const { total, budgetUsd } of [poc, production]) expect(total.onDemand).toBeLessThanOrEqual(budgetUsd);
  });

  test('cost a seventh of CloudWatch Logs at most', () => {
    expect(production.cloudWatchLogs / production.total.onDemand).toBeGreaterThan(7);
  });

  test('are priced to nine tenths at least with prices that were found in a source', () => {
    for (const { sourcedShare } of [poc, production]) expect(sourcedShare).toBeGreaterThan(0.9);
  });
});

describe('a mistake in the inputs of production', () => {
  const variable = 'AURORA_LOGS_PRODUCTION_VPC_CIDR';

  test('does not keep poc from being looked at, but production', async () => {
    process.env[variable] = 'nonsense';
    try {
      expect([...(await synthesize(process.cwd(), 'poc')).keys()]).toEqual(['bootstrap', 'poc']);
      await expect(synthesize(process.cwd(), 'production')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    } finally {
      delete process.env[variable];
    }
  });
});

describe('a folder', () => {
  test('without the app is told to be a checkout', async () => {
    await expect(synthesize('/')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
