import { describe, expect, test } from '@jest/globals';
import type { Account } from './account.ts';
import { checkAccount } from './check-account.ts';
import type { DeployNeeds } from './needs.ts';

const NEEDS: DeployNeeds = {
  stack: 'poc',
  region: 'eu-central-1',
  accountIds: ['111122223333'],
  buckets: ['aurora-logs-poc-search-111122223333'],
  state: { bucket: 'aurora-logs-state-111122223333', key: 'poc.tfstate' },
  kubernetes: '1.35',
  quotas: [
    { service: 'vpc', code: 'L-F678F1CE', name: 'VPCs', need: 1, used: 'vpcs' },
    { service: 'ec2', code: 'L-34B43A08', name: 'vCPU of spot standard instances', need: 4 },
  ],
};

/** An account in which a first deployment succeeds, but for what a test changes. */
function account(changes: Partial<Account> = {}): Account {
  return {
    identity: async () => ({ accountId: '111122223333', arn: 'arn:aws:iam::111122223333:role/deployer' }),
    bucketHolder: async (name) => (name.includes('state') ? 'ours' : 'free'),
    hasObject: async () => false,
    countUsed: async () => 1,
    quota: async () => 5,
    ...changes,
  };
}

const states = async (changes: Partial<Account>, needs = NEEDS) =>
  Object.fromEntries((await checkAccount(needs, account(changes))).map(({ target, state }) => [target, state]));

describe('the account before a deployment', () => {
  test('where everything fits, every line is ok', async () => {
    expect(Object.values(await states({}))).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  });

  test('without credentials nothing else is looked at, and nothing else is ok', async () => {
    const identity = async () => {
      throw new Error('Could not load credentials from any providers');
    };
    expect(await states({ identity })).toEqual({ credentials: 'error', 'account, names and quotas': 'unknown' });
  });

  test('another account than the one of the environment stops before its names are looked at', async () => {
    const identity = async () => ({ accountId: '999900001111', arn: 'arn:aws:iam::999900001111:user/x' });
    const checks = await checkAccount(NEEDS, account({ identity }));
    expect(checks[1]).toMatchObject({
      state: 'error',
      fact: 'the credentials are of 999900001111, but poc belongs to 111122223333',
    });
    expect(checks[2]).toMatchObject({ state: 'unknown' });
  });

  test('an environment without an account id is refused', async () => {
    expect(await states({}, { ...NEEDS, accountIds: [] })).toMatchObject({ account: 'error' });
  });

  test('a bucket name that somebody else holds is an error', async () => {
    const bucketHolder = async (name: string) => (name.includes('state') ? 'ours' : 'taken');
    expect(await states({ bucketHolder } as Partial<Account>)).toMatchObject({
      'bucket aurora-logs-poc-search-111122223333': 'error',
    });
  });

  test('a bucket that is ours is an error before the first deployment and fine afterwards', async () => {
    const bucketHolder: Account['bucketHolder'] = async () => 'ours';
    const target = 'bucket aurora-logs-poc-search-111122223333';
    expect(await states({ bucketHolder })).toMatchObject({ [target]: 'error' });
    expect(await states({ bucketHolder, hasObject: async () => true })).toMatchObject({ [target]: 'ok' });
  });

  test('without the state bucket, poc is told to deploy bootstrap, and bootstrap that it is the first', async () => {
    const bucketHolder: Account['bucketHolder'] = async () => 'free';
    const target = 'state aurora-logs-state-111122223333/poc.tfstate';
    expect(await states({ bucketHolder })).toMatchObject({ [target]: 'error' });
    expect(await states({ bucketHolder }, { ...NEEDS, stack: 'bootstrap' })).toMatchObject({ [target]: 'warning' });
  });

  test('a quota that is used up is an error that names the command to raise it', async () => {
    const checks = await checkAccount(NEEDS, account({ countUsed: async () => 5 }));
    const vpcs = checks.find(({ target }) => target === 'quota VPCs');
    expect(vpcs).toMatchObject({ state: 'error', fact: '5 of 5 in use, 1 more needed' });
    expect(vpcs?.hint).toContain('--quota-code L-F678F1CE --desired-value 6');
  });

  test('an update needs no second VPC', async () => {
    expect(await states({ countUsed: async () => 5, hasObject: async () => true })).toMatchObject({
      'quota VPCs': 'ok',
    });
  });

  test('a quota that may not be read is unknown, never ok', async () => {
    const quota = async () => {
      throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    };
    expect(await states({ quota })).toMatchObject({ 'quota VPCs': 'unknown' });
  });
});
