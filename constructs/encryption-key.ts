import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Construct } from 'constructs';
import { policyDocument, type Statement } from './policy-document.ts';

/** What an administrator of the account may do with a key; all but use it for data of others. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:RetireGrant',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

export interface EncryptionKeyProps {
  /** Without `alias/`. */
  readonly alias: string;
  readonly description: string;
  readonly accountId: string;
  /** Terraform refuses to destroy the key, and AWS waits 30 days instead of 7. */
  readonly protect: boolean;
  /** AWS services that may encrypt with it for this account, as principals (`logs.eu-central-1.amazonaws.com`). */
  readonly services?: readonly string[];
  /** For a key in another region. */
  readonly provider?: AwsProvider;
}

/** A customer managed key that rotates yearly, with a policy that names its users: the account's IAM and listed services. */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, 'key', {
      description: props.description,
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: props.protect ? 30 : 7,
      policy: policyDocument(keyStatements(props)),
      lifecycle: { preventDestroy: props.protect },
      ...(props.provider ? { provider: props.provider } : {}),
    });
    new KmsAlias(this, 'alias', {
      name: `alias/${props.alias}`,
      targetKeyId: key.keyId,
      ...(props.provider ? { provider: props.provider } : {}),
    });
    this.arn = key.arn;
  }
}

function keyStatements(props: EncryptionKeyProps): Statement[] {
  const account: Statement = {
    sid: 'AccountByIam',
    principals: { type: 'AWS', identifiers: [`arn:aws:iam::${props.accountId}:root`] },
    actions: ADMINISTRATION,
    resources: ['*'],
  };
  const services = props.services ?? [];
  const logs = services.filter((service) => service.startsWith('logs.'));
  const others = services.filter((service) => !service.startsWith('logs.'));
  return [
    account,
    // Log groups give their name as encryption context.
    ...use('LogsOfThisAccount', logs, {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:*:${props.accountId}:*` },
    }),
    // Not every service says for whom it acts; those that do must act for this account.
    ...use('ServicesOfThisAccount', others, { StringEqualsIfExists: { 'aws:SourceAccount': props.accountId } }),
  ];
}

function use(sid: string, services: readonly string[], conditions: NonNullable<Statement['conditions']>): Statement[] {
  if (services.length === 0) return [];
  return [
    {
      sid,
      principals: { type: 'Service', identifiers: services },
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: ['*'],
      conditions,
    },
  ];
}
