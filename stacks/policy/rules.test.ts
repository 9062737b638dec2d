import { describe, expect, test } from '@jest/globals';
import type { Environment } from '../environments.ts';
import { exampleEnvironment, synthesizeAll, synthesizeEnvironment } from '../testing/synthesize.ts';
import { EXCEPTIONS, exceptionFor } from './exceptions.ts';
import { BROKEN } from './fixtures.ts';
import { findBreaches, type StackView, viewOf } from './rule.ts';
import { RULES } from './rules.ts';

const TODAY = new Date();
const examples = synthesizeAll();
const stacks: StackView[] = Object.entries(examples).map(([name, json]) => viewOf(name, json));

describe('policy', () => {
  test('has at least forty rules, each with its own name', () => {
    expect(RULES.length).toBeGreaterThanOrEqual(40);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });

  test.each(RULES.map((rule) => [`${rule.id}: ${rule.title}`, rule] as const))(
    '%s, and a breach is found',
    (_, rule) => {
      const broken = BROKEN[rule.id];
      expect(broken).toBeDefined();
      expect(findBreaches([rule], broken as StackView).map(({ where }) => where)[0]).toMatch(/\.r0$/);
    },
  );

  test('sees every stack with all its resources', () => {
    expect(Object.fromEntries(stacks.map(({ name, resources }) => [name, resources.length > 50]))).toEqual({
      bootstrap: true,
      poc: true,
      production: true,
    });
  });

  test('finds no breach without an exception', () => {
    const breaches = stacks.flatMap((stack) => findBreaches(RULES, stack));
    expect(breaches.filter(({ rule, where }) => !exceptionFor(rule, where, TODAY))).toEqual([]);
  });

  test.each([
    ['DAX', { cache: { kind: 'dax', nodeType: 'dax.t3.small', nodes: 1 } }],
    ['no cache', { cache: { kind: 'none' } }],
    ['named ranges and a pager', { searchCidrs: ['198.51.100.0/24'], pagerUrl: 'https://events.example.com/x' }],
  ] as const)('finds none in poc with %s either', (_, changes) => {
    const environment = exampleEnvironment('poc', changes as Partial<Environment>);
    const breaches = findBreaches(RULES, viewOf('poc', synthesizeEnvironment(environment)));
    expect(breaches.filter(({ rule, where }) => !exceptionFor(rule, where, TODAY))).toEqual([]);
  });

  test('excepts at most ten rules, each with a reason and a day on which it ends', () => {
    expect(new Set(EXCEPTIONS.map(({ rule }) => rule)).size).toBeLessThanOrEqual(10);
    for (const { reason, until } of EXCEPTIONS) {
      expect(reason.length).toBeGreaterThan(20);
      expect(new Date(until).getTime()).toBeGreaterThan(TODAY.getTime());
    }
  });

  test('an exception ends on its day', () => {
    const [first] = EXCEPTIONS;
    const where = 'poc/aws_x.network_public';
    const exception = { ...first, rule: 'CKV_AWS_130' };
    expect(exceptionFor(exception.rule, where, new Date('2026-12-01'))).toBeDefined();
    expect(exceptionFor(exception.rule, where, new Date('2100-01-01'))).toBeUndefined();
  });

  test('keeps no exception of our own rules that nothing needs', () => {
    const breaches = stacks.flatMap((stack) => findBreaches(RULES, stack));
    const ours = EXCEPTIONS.filter(({ rule }) => RULES.some(({ id }) => id === rule));
    const idle = ours.filter(
      ({ rule, where }) => !breaches.some((breach) => breach.rule === rule && where.test(breach.where)),
    );
    expect(idle).toEqual([]);
  });
});
