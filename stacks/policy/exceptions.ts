/** A rule that does not hold somewhere, and why that is right for now. */
export interface Exception {
  /** Id of the rule, ours or checkov's. */
  readonly rule: string;
  /** Matches `<stack>/<type>.<id>`; a type that checkov leaves out is not compared. */
  readonly where: RegExp;
  readonly reason: string;
  /** ISO date from which the tests fail, so that somebody looks again. */
  readonly until: string;
}

const NEXT_REVIEW = '2027-06-30';

/** Every exception there is; at most ten rules. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'CKV2_AWS_3',
    where: /^bootstrap\/.*threats_detector/,
    reason: 'GuardDuty is on; an organization is not ours to configure, one account is given.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV2_AWS_50',
    where: /^poc\/.*cache/,
    reason: 'The cache of poc is one small node: its loss costs API calls, not data.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV_AWS_130',
    where: /^poc\/.*network_public/,
    reason: 'Nodes of poc go out through public addresses and let nothing in; a NAT gateway costs 33 USD a month.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV_AWS_139',
    where: /^poc\/.*data_source_cluster/,
    reason: 'One command destroys poc; a final snapshot stays.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV_AWS_144',
    where: /bucket/,
    reason: 'The archive of production is copied to another region; the rest can be made anew or is of one region.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV_AWS_145',
    where: /audit_logs/,
    reason: 'S3 and load balancers deliver logs to no bucket with a customer managed key.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV_AWS_18',
    where: /(audit_logs|archive_replica)_bucket/,
    reason:
      'A log of the log would have no end; the copy in the other region has no log bucket beside it and no reader.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV_AWS_324',
    where: /^poc\/.*data_source_cluster/,
    reason: 'CloudWatch exports are the cost that this system avoids: it reads the logs itself.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV_AWS_325',
    where: /^poc\/.*data_source_cluster/,
    reason: 'The audit log is written and archived, not exported to CloudWatch.',
    until: NEXT_REVIEW,
  },
  {
    rule: 'CKV_AWS_39',
    where: /^poc\/.*eks_cluster/,
    reason: 'The API of poc is open to named ranges, so that a laptop can deploy; production is private.',
    until: NEXT_REVIEW,
  },
];

/** The exception that covers a breach on a day, if there is one. */
export function exceptionFor(rule: string, where: string, today: Date): Exception | undefined {
  return EXCEPTIONS.find(
    (exception) => exception.rule === rule && exception.where.test(where) && today < new Date(exception.until),
  );
}
