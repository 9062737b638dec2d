import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENTS } from '../../../stacks/environments.ts';
import { needsOfStack } from './needs.ts';

const stack = {
  provider: { aws: [{ region: 'eu-central-1', allowed_account_ids: ['111122223333'] }] },
  terraform: { backend: { s3: { bucket: 'state', key: 'production.tfstate', dynamodb_table: 'lock' } } },
  resource: {
    aws_vpc: { main: {} },
    aws_eip: { a: {}, b: {}, c: {} },
    aws_nat_gateway: { a: {}, b: {}, c: {} },
    aws_eks_cluster: { main: { version: '1.35' } },
    aws_s3_bucket: { raw: { bucket: 'aurora-logs-x' }, derived: { bucket: `$\{${'random_id.x.hex'}}` } },
  },
};

describe('what a stack needs', () => {
  test('is read off its synthesized form', () => {
    expect(needsOfStack('production', stack, ENVIRONMENTS['production'])).toMatchObject({
      region: 'eu-central-1',
      accountIds: ['111122223333'],
      buckets: ['aurora-logs-x'],
      state: { bucket: 'state', key: 'production.tfstate' },
      kubernetes: '1.35',
    });
  });

  test('holds every limit that it takes something of', () => {
    const { quotas } = needsOfStack('production', stack, ENVIRONMENTS['production']);
    expect(Object.fromEntries(quotas.map(({ name, need }) => [name, need]))).toEqual({
      VPCs: 1,
      'Elastic IP addresses': 3,
      'NAT gateways per zone': 1,
      'vCPU of on-demand standard instances': 178,
      'vCPU of spot standard instances': 160,
      'EKS clusters': 1,
    });
  });

  test('a stack without a cluster or nodes asks for no quota', () => {
    const bare = { provider: {}, terraform: { backend: {} }, resource: {} };
    expect(needsOfStack('bootstrap', bare, undefined)).toMatchObject({
      quotas: [],
      state: undefined,
      kubernetes: undefined,
    });
  });
});
