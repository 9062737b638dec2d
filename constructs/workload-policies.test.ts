import { describe, expect, test } from '@jest/globals';
import type { Environment } from '../stacks/environments.ts';
import { byType, exampleEnvironment, synthesizeEnvironment } from '../stacks/testing/synthesize.ts';

interface Found {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of each workload's role, by service account. */
function roles(environment: Environment): Record<string, Found[]> {
  const { resource } = JSON.parse(synthesizeEnvironment(environment));
  return Object.fromEntries(
    Object.entries(resource.aws_iam_role_policy as Record<string, { name: string; policy: string }>)
      .filter(([, one]) => one.name === 'workload')
      .map(([id, one]) => [
        id.replace(/^(workloads|platform)_(.*)_policy_\w+$/, '$2'),
        JSON.parse(one.policy).Statement,
      ]),
  );
}

const poc = roles(exampleEnvironment('poc'));
const production = roles(exampleEnvironment('production', { fleetAccounts: ['444455556666'] }));

const find = (statements: readonly Found[] | undefined, sid: string): Found => {
  const found = statements?.find(({ Sid }) => Sid === sid);
  if (!found) throw new Error(`no statement ${sid}`);
  return found;
};
const actions = (statements: readonly Found[] | undefined, effect = 'Allow') =>
  (statements ?? []).filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => Action);

describe('workload roles', () => {
  test('each workload has one, and no other', () => {
    expect(Object.keys(poc).sort()).toEqual([
      'canary',
      'discovery',
      'external-secrets',
      'openobserve',
      'processor',
      'reconciler',
    ]);
    expect(Object.keys(production).sort()).toEqual([
      'aws-load-balancer-controller',
      'discovery',
      'external-secrets',
      'karpenter_controller',
      'openobserve',
      'processor',
      'reconciler',
    ]);
  });

  test('poc reads logs of its own cluster only', () => {
    for (const [workload, sid] of [
      ['discovery', 'ListLogs'],
      ['processor', 'ReadLogs'],
    ] as const) {
      expect(find(poc[workload], sid).Resource).toBe(
        'arn:aws:rds:eu-central-1:111122223333:db:aurora-logs-poc-source-*',
      );
    }
  });

  test('production reads all but that of poc', () => {
    expect(find(production['processor'], 'ReadLogs').Resource).toBe('arn:aws:rds:eu-central-1:111122223333:db:*');
    expect(find(production['processor'], 'NotTheseInstances')).toMatchObject({
      Effect: 'Deny',
      Resource: 'arn:aws:rds:eu-central-1:111122223333:db:aurora-logs-poc-source-*',
    });
  });

  test('discovery downloads nothing and touches no archive', () => {
    expect(actions(production['discovery']).filter((action) => /Download|^s3:/.test(action))).toEqual([]);
  });

  test('other accounts are read through their reader role and nothing else', () => {
    expect(find(production['processor'], 'ReadOtherAccounts')).toMatchObject({
      Action: 'sts:AssumeRole',
      Resource: 'arn:aws:iam::444455556666:role/aurora-logs-fleet-reader',
    });
    expect(actions(poc['processor'])).not.toContain('sts:AssumeRole');
  });

  test('an object is added only where none is, from inside the VPC', () => {
    const { Condition, Resource } = find(poc['processor'], 'AddToArchive');
    expect(Condition?.['Null']).toEqual({ 's3:if-none-match': 'false' });
    expect(Condition?.['StringEquals']?.['aws:SourceVpc']).toMatch(/aws_vpc\./);
    expect(Resource).toMatch(/\/v1\/\*$/);
  });

  test('calls to RDS must come through the endpoint where all of them take it', () => {
    expect(find(production['processor'], 'ReadLogs').Condition).toHaveProperty(['StringEquals', 'aws:SourceVpc']);
    expect(find(poc['processor'], 'ReadLogs')).not.toHaveProperty('Condition');
    const abroad = roles(exampleEnvironment('production', { fleetRegions: ['us-east-1'] }));
    expect(find(abroad['processor'], 'ReadLogs')).not.toHaveProperty('Condition');
  });

  test('no workload deletes raw logs, tables, keys or databases', () => {
    for (const [name, statements] of Object.entries({ ...poc, ...production })) {
      expect(actions(statements, 'Deny')).toEqual(
        expect.arrayContaining(['dynamodb:DeleteTable', 'kms:ScheduleKeyDeletion']),
      );
      if (name !== 'openobserve') expect(actions(statements)).not.toContain('s3:DeleteObject');
    }
  });

  test('discovery signs in to Valkey by IAM, or uses DAX, or neither', () => {
    expect(find(poc['discovery'], 'SignInToCache').Action).toBe('elasticache:Connect');
    const dax = exampleEnvironment('poc', { cache: { kind: 'dax', nodeType: 'dax.t3.small', nodes: 1 } });
    expect(find(roles(dax)['discovery'], 'UseDax').Resource).toMatch(/cache\/aurora-logs-poc$/);
    expect(byType(synthesizeEnvironment(dax))['aws_dynamodb_table']).toHaveLength(4);
    const none = roles(exampleEnvironment('poc', { cache: { kind: 'none' } }));
    expect(actions(none['discovery']).filter((action) => /^(dax|elasticache):/.test(action))).toEqual([]);
  });
});
