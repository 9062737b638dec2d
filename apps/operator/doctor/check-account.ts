import type { Account } from './account.ts';
import type { Check } from './check.ts';
import type { DeployNeeds, QuotaNeed } from './needs.ts';

/**
 * Compares an account with what a stack needs, before anything is created. What depends on something that could not be
 * looked at is `unknown`, with the reason. Never throws for an error of AWS.
 */
export async function checkAccount(needs: DeployNeeds, account: Account): Promise<Check[]> {
  const identity = await attempt(() => account.identity());
  if ('error' in identity) {
    const hint = 'Give credentials: aws sso login, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
    return [
      { target: 'credentials', state: 'error', fact: identity.error, hint },
      { target: 'account, names and quotas', state: 'unknown', fact: 'not looked at without credentials', hint },
    ];
  }
  const { accountId, arn } = identity.value;
  const guard = checkGuard(needs, accountId);
  const credentials: Check = { target: 'credentials', state: 'ok', fact: arn };
  if (guard.state !== 'ok') {
    const fact = 'not looked at in the wrong account';
    return [credentials, guard, { target: 'names and quotas', state: 'unknown', fact, hint: guard.hint ?? fact }];
  }
  const state = await checkState(needs, account);
  const buckets = await Promise.all(needs.buckets.map((name) => checkBucket(name, state.deployed, account)));
  const quotas = await Promise.all(needs.quotas.map((quota) => checkQuota(quota, state.deployed, account)));
  return [credentials, guard, ...state.checks, ...buckets, ...quotas];
}

function checkGuard({ stack, accountIds }: DeployNeeds, accountId: string): Check {
  const target = 'account';
  if (accountIds.length === 0) {
    const hint = 'Set AURORA_LOGS_ACCOUNT_ID to the account that may be deployed to.';
    return { target, state: 'error', fact: `${stack} names no account that it may be deployed to`, hint };
  }
  if (accountIds.includes(accountId)) return { target, state: 'ok', fact: `${accountId}, the one of ${stack}` };
  const variable = stack === 'bootstrap' ? 'AURORA_LOGS_ACCOUNT_ID' : `AURORA_LOGS_${stack.toUpperCase()}_ACCOUNT_ID`;
  return {
    target,
    state: 'error',
    fact: `the credentials are of ${accountId}, but ${stack} belongs to ${accountIds.join(', ')}`,
    hint: `Use credentials of ${accountIds.join(' or ')}, or set ${variable}=${accountId} if this is the right account.`,
  };
}

interface StateFinding {
  readonly checks: Check[];
  /** The stack exists already, so what it has counts as its own. */
  readonly deployed: boolean;
}

async function checkState({ state, stack }: DeployNeeds, account: Account): Promise<StateFinding> {
  if (!state) return { checks: [], deployed: false };
  const target = `state ${state.bucket}/${state.key}`;
  const holder = await attempt(() => account.bucketHolder(state.bucket));
  if ('error' in holder) {
    const hint = 'Allow s3:ListBucket and s3:GetObject on the state bucket.';
    return { checks: [{ target, state: 'unknown', fact: holder.error, hint }], deployed: false };
  }
  if (holder.value !== 'ours') {
    const free = holder.value === 'free';
    const fact = free ? 'its bucket does not exist' : 'its bucket cannot be read, or belongs to another account';
    const hint =
      stack === 'bootstrap'
        ? 'The first deployment of bootstrap makes it; follow docs/deploy.md.'
        : 'Deploy bootstrap first: npx cdktf deploy bootstrap';
    return {
      checks: [{ target, state: free && stack === 'bootstrap' ? 'warning' : 'error', fact, hint }],
      deployed: false,
    };
  }
  const found = await attempt(() => account.hasObject(state.bucket, state.key));
  if ('error' in found) {
    const hint = 'Allow s3:GetObject on the state bucket.';
    return { checks: [{ target, state: 'unknown', fact: found.error, hint }], deployed: false };
  }
  const fact = found.value ? 'exists: this deployment is an update' : 'is not there yet: this is the first deployment';
  return { checks: [{ target, state: 'ok', fact }], deployed: found.value };
}

async function checkBucket(name: string, deployed: boolean, account: Account): Promise<Check> {
  const target = `bucket ${name}`;
  const holder = await attempt(() => account.bucketHolder(name));
  if ('error' in holder) {
    return { target, state: 'unknown', fact: holder.error, hint: `Try: aws s3api head-bucket --bucket ${name}` };
  }
  if (holder.value === 'free') return { target, state: 'ok', fact: 'the name is free' };
  if (holder.value === 'taken') {
    const hint = 'Bucket names are global: deploy to another account, or ask for access when it is yours.';
    return { target, state: 'error', fact: 'belongs to another account, or may not be read', hint };
  }
  if (deployed) return { target, state: 'ok', fact: 'exists, as the state says it may' };
  return {
    target,
    state: 'error',
    fact: 'exists in this account but not in the state: creating it would fail',
    hint: `Import it into the state, or delete it if it is a leftover: aws s3 rb s3://${name}`,
  };
}

async function checkQuota(quota: QuotaNeed, deployed: boolean, account: Account): Promise<Check> {
  const { service, code, name, need, used: counted } = quota;
  const target = `quota ${name}`;
  const hint = `Ask for more: aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code}`;
  const limit = await attempt(() => account.quota(service, code));
  const used = await attempt(() => (counted ? account.countUsed(counted) : Promise.resolve(0)));
  if ('error' in limit || 'error' in used || limit.value === undefined) {
    const fact = 'error' in limit ? limit.error : 'error' in used ? used.error : 'no value';
    return {
      target,
      state: 'unknown',
      fact,
      hint: `Look for ${code} of ${service} in Service Quotas: ${need} needed.`,
    };
  }
  const adds = deployed && counted ? 0 : need;
  const fact = counted
    ? `${used.value} of ${limit.value} in use, ${adds} more needed`
    : `${limit.value}, ${need} needed`;
  if (used.value + adds <= limit.value) return { target, state: 'ok', fact };
  return { target, state: 'error', fact, hint: `${hint} --desired-value ${used.value + adds}` };
}

type Attempt<T> = { value: T } | { error: string };

async function attempt<T>(look: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'error', message: String(error) };
    return {
      error: `could not look: ${message.startsWith(name) ? message : `${name}: ${message}`}`.split('\n')[0] ?? name,
    };
  }
}
