import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFailure } from '../apps/shared/failure.ts';
import { cidrsOverlap, parseCidr, subnetOf } from './cidr.ts';
import { checkEnvironment, ENVIRONMENTS, type EnvironmentDesign, loadEnvironments } from './environments.ts';
import { bootstrapInputsSchema, readInputs, variableName } from './inputs.ts';
import { byType, exampleEnvironment, exampleSources, synthesizeEnvironment } from './testing/synthesize.ts';

const POC = ENVIRONMENTS['poc'] as EnvironmentDesign;

/** What is wrong with each environment, by name. */
function problems(variables: Record<string, string>, designs = ENVIRONMENTS): Record<string, string> {
  const broken = loadEnvironments(exampleSources(variables), designs).flatMap((one) =>
    'problem' in one ? [[one.name, one.problem.message]] : [],
  );
  return Object.fromEntries(broken);
}

describe('environments', () => {
  test('a clean clone describes all of them soundly', () => {
    expect(problems({})).toEqual({});
  });

  test.each([
    [
      'AURORA_LOGS_ACCOUNT_ID',
      '1234',
      /poc\.accountId is "1234": must be an AWS account id.*AURORA_LOGS_POC_ACCOUNT_ID/,
    ],
    ['AURORA_LOGS_REGION', 'Frankfurt', /poc\.region is "Frankfurt"/],
    ['AURORA_LOGS_ALERT_EMAIL', 'nobody', /poc\.alertEmail is "nobody"/],
    ['AURORA_LOGS_POC_VPC_CIDR', '10.0.0.1/16', /poc\.vpcCidr is "10.0.0.1\/16": is no IPv4 range/],
    ['AURORA_LOGS_POC_VPC_CIDR', '10.0.0.0/24', /poc\.vpcCidr.*\/16 to \/20/],
    ['AURORA_LOGS_POC_API_CIDRS', '0.0.0.0/0', /poc\.apiCidrs\.0 is "0.0.0.0\/0": must be a named range/],
    ['AURORA_LOGS_POC_HOSTNAME', 'logs.example.com', /poc\.hostname and hostedZoneId belong together/],
    ['AURORA_LOGS_POC_RESERVED_CIDRS', '10.0.128.0/20', /poc\.vpcCidr 10.0.0.0\/16 overlaps the reserved range/],
  ])('%s=%s is refused by name', (name, value, message) => {
    expect(problems({ [name]: value })['poc']).toMatch(message);
  });

  test('overlapping ranges count against the later environment', () => {
    const found = problems({ AURORA_LOGS_PRODUCTION_VPC_CIDR: '10.0.0.0/17' });
    expect(found).toEqual({ production: expect.stringContaining('overlaps 10.0.0.0/16 of poc') });
  });

  test('a mistake in production leaves poc sound', () => {
    expect(Object.keys(problems({ AURORA_LOGS_PRODUCTION_ALERT_EMAIL: 'nobody' }))).toEqual(['production']);
  });

  test('a variable of one environment wins over a common one and over the context', () => {
    const sources = exampleSources({ AURORA_LOGS_OWNER: 'all', AURORA_LOGS_POC_OWNER: 'mine' });
    const owners = loadEnvironments(sources).map((one) => 'environment' in one && one.environment.owner);
    expect(owners).toEqual(['mine', 'all']);
  });

  test('an input that nobody knows is refused, with those that are known', () => {
    const context = { ...exampleSources().context, bootstrap: { alertMail: 'x@example.com' } };
    const read = () => readInputs('bootstrap', { context, variables: {} }, bootstrapInputsSchema);
    expect(read).toThrow(/bootstrap\.alertMail is not an input; known: .*alertEmail/);
  });

  test.each([
    ['a fraction of a zone', { zones: 1.5 }, /zones/],
    ['one zone', { zones: 1 }, /EKS and Aurora refuse one/],
    ['more node zones than zones', { nodeZones: 3 }, /nodeZones must be at most zones/],
    [
      'records that outlive their bytes',
      { retention: { ...POC.retention, searchDays: 90 } },
      /retention keeps records/,
    ],
    ['sleep of what is protected', { protected: true }, /sleep puts a protected environment to sleep/],
    [
      'an x86 node',
      { kubernetes: { ...POC.kubernetes, nodes: { ...POC.kubernetes.nodes, instanceTypes: ['m7i.large'] } } },
      /Graviton/,
    ],
    ['a budget of nothing', { budgetUsd: 0 }, /budgetUsd/],
    ['a field of nobody', { colour: 'red' }, /colour/],
  ])('%s is refused', (_, changes, message) => {
    const broken = { ...exampleEnvironment('poc'), ...changes };
    expect(() => checkEnvironment('poc', broken)).toThrow(message);
    try {
      checkEnvironment('poc', broken);
    } catch (error) {
      expect(isFailure(error, 'CONFIG_INVALID')).toBe(true);
    }
  });

  test('a third environment is one more entry', () => {
    const sources = exampleSources({ AURORA_LOGS_STAGING_VPC_CIDR: '10.2.0.0/16' });
    const loaded = loadEnvironments(sources, { ...ENVIRONMENTS, staging: { ...POC, budgetUsd: 300 } }).at(-1);
    if (!loaded || !('environment' in loaded)) throw new Error('staging is not sound');
    const resources = byType(synthesizeEnvironment(loaded.environment));
    expect(resources['aws_eks_cluster']).toMatchObject([{ name: 'aurora-logs-staging' }]);
    expect(resources['aws_budgets_budget']).toMatchObject([{ limit_amount: '300.0' }]);
  });

  test('two environments of one account share no name', () => {
    const names = (name: string) => {
      const found = byType(synthesizeEnvironment(exampleEnvironment(name)));
      const named = [
        'aws_s3_bucket',
        'aws_dynamodb_table',
        'aws_iam_role',
        'aws_kms_alias',
        'aws_sns_topic',
        'aws_sqs_queue',
      ];
      return named.flatMap((type) => (found[type] ?? []).map((one) => `${type} ${one['bucket'] ?? one['name']}`));
    };
    const poc = new Set(names('poc'));
    expect(poc.size).toBeGreaterThan(20);
    expect(names('production').filter((name) => poc.has(name))).toEqual([]);
  });

  test('a variable is named after its environment and key', () => {
    expect(variableName('alertEmail', 'poc')).toBe('AURORA_LOGS_POC_ALERT_EMAIL');
    expect(variableName('accountId')).toBe('AURORA_LOGS_ACCOUNT_ID');
  });
});

describe('ranges', () => {
  test('subnets of one range lie inside it and never meet', () => {
    const prefixes = fc.integer({ min: 16, max: 20 });
    fc.assert(
      fc.property(prefixes, fc.integer({ min: 1, max: 8 }), fc.nat(255), fc.nat(255), (prefix, bits, left, right) => {
        const parent = parseCidr(`10.0.0.0/${prefix}`);
        if (!parent) throw new Error('no range');
        const count = 2 ** bits;
        const [a, b] = [left % count, right % count].map((index) => parseCidr(subnetOf(parent, prefix + bits, index)));
        if (!a || !b) throw new Error('no subnet');
        expect(a.first >= parent.first && a.last <= parent.last).toBe(true);
        expect(cidrsOverlap(a, b)).toBe(left % count === right % count);
      }),
    );
  });

  test('a subnet beyond the end is refused', () => {
    expect(() => subnetOf(parseCidr('10.0.0.0/16') ?? { first: 0, last: 0, prefix: 0 }, 20, 16)).toThrow(RangeError);
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', '10.0.0.1/24', 'a.b.c.d/8'])('%s is no range', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});
