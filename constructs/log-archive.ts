import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { S3BucketReplicationConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-replication-configuration/index.js';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic.ts';
import type { AuditBucket } from './audit-bucket.ts';
import { EncryptionKey } from './encryption-key.ts';
import { policyDocument, type Statement, serviceTrust } from './policy-document.ts';
import { SecureBucket } from './secure-bucket.ts';

export interface LogArchiveProps {
  readonly deletionAlarm: AlarmTopic;
  /** `aurora-logs-<environment>`, for the key and the replication role. */
  readonly prefix: string;
  readonly bucketName: string;
  readonly accountId: string;
  readonly region: string;
  /** Days that raw bytes are kept. */
  readonly retentionDays: number;
  /** Days after which raw bytes move to Glacier Instant Retrieval; never without it. */
  readonly coldAfterDays?: number;
  /** Days in which a deleted version can be brought back. */
  readonly oldVersionDays: number;
  readonly protect: boolean;
  /** Receives the access log of the bucket. */
  readonly accessLog: AuditBucket;
  /** A copy in another region; none where it is absent. */
  readonly replica?: { readonly bucketName: string; readonly provider: AwsProvider; readonly alertEmail: string };
}

/**
 * The raw archive. Its bucket policy makes the chain rule law: an object is written only where none is (`If-None-Match`), so
 * a slot can neither be replaced nor written twice, whatever a client does. It has its own key, so reading raw logs is a
 * right of its own.
 */
export class LogArchive extends Construct {
  readonly bucketArn: string;
  readonly bucketName: string;
  readonly keyArn: string;

  constructor(scope: Construct, id: string, props: LogArchiveProps) {
    super(scope, id);
    const key = new EncryptionKey(this, 'key', {
      alias: `${props.prefix}-archive`,
      description: 'Raw database logs',
      accountId: props.accountId,
      protect: props.protect,
    });
    const bucket = new SecureBucket(this, 'raw', {
      deletionAlarm: props.deletionAlarm,
      name: props.bucketName,
      keyArn: key.arn,
      expireDays: props.retentionDays,
      ...(props.coldAfterDays === undefined ? {} : { coldAfterDays: props.coldAfterDays }),
      oldVersionDays: props.oldVersionDays,
      protect: props.protect,
      accessLog: props.accessLog,
      statements: (arn) => putIfAbsent(arn, key.arn),
    });
    this.bucketArn = bucket.arn;
    this.bucketName = bucket.name;
    this.keyArn = key.arn;
    if (props.replica) this.replicate(bucket, key.arn, props, props.replica);
  }

  private replicate(
    source: SecureBucket,
    sourceKeyArn: string,
    props: LogArchiveProps,
    replica: NonNullable<LogArchiveProps['replica']>,
  ): void {
    const key = new EncryptionKey(this, 'replica-key', {
      alias: `${props.prefix}-archive-replica`,
      description: 'Copy of the raw database logs',
      accountId: props.accountId,
      protect: props.protect,
      services: ['s3.amazonaws.com'],
      provider: replica.provider,
    });
    const copy = new SecureBucket(this, 'replica', {
      deletionAlarm: this.replicaAlarm(props, replica, key.arn),
      name: replica.bucketName,
      keyArn: key.arn,
      expireDays: props.retentionDays,
      oldVersionDays: props.oldVersionDays,
      protect: props.protect,
      provider: replica.provider,
    });
    const role = new IamRole(this, 'replication-role', {
      name: `${props.prefix}-archive-replication`,
      assumeRolePolicy: serviceTrust('s3.amazonaws.com', props.accountId),
    });
    const policy = new IamRolePolicy(this, 'replication-policy', {
      name: 'replicate',
      role: role.id,
      policy: policyDocument(replication(source.arn, sourceKeyArn, copy.arn, key.arn)),
    });
    new S3BucketReplicationConfigurationA(this, 'replication', {
      bucket: source.name,
      role: role.arn,
      rule: [
        {
          id: 'all',
          status: 'Enabled',
          filter: { prefix: '' },
          deleteMarkerReplication: { status: 'Disabled' },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
          destination: {
            bucket: copy.arn,
            storageClass: 'STANDARD_IA',
            encryptionConfiguration: { replicaKmsKeyId: key.arn },
          },
        },
      ],
      dependsOn: [source.versioning, copy.versioning, policy],
    });
  }

  /** A bucket can only tell a topic of its own region. */
  private replicaAlarm(
    props: LogArchiveProps,
    replica: NonNullable<LogArchiveProps['replica']>,
    keyArn: string,
  ): AlarmTopic {
    return new AlarmTopic(this, 'replica-alarm', {
      name: `${props.prefix}-replica-alarms`,
      accountId: props.accountId,
      keyArn,
      email: replica.alertEmail,
      provider: replica.provider,
    });
  }
}

function putIfAbsent(bucketArn: string, keyArn: string): Statement[] {
  const write = { principals: '*', actions: ['s3:PutObject'], resources: [`${bucketArn}/*`] } as const;
  return [
    {
      sid: 'DenyPutThatCouldReplace',
      effect: 'Deny',
      ...write,
      // A part of a multipart upload carries no precondition; its completion does.
      conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    },
    {
      sid: 'DenyOtherKeys',
      effect: 'Deny',
      ...write,
      conditions: { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn } },
    },
  ];
}

function replication(from: string, fromKey: string, to: string, toKey: string): Statement[] {
  return [
    { sid: 'ReadSource', actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'], resources: [from] },
    {
      sid: 'ReadVersions',
      actions: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
      resources: [`${from}/*`],
    },
    { sid: 'WriteCopy', actions: ['s3:ReplicateObject', 's3:ReplicateTags'], resources: [`${to}/*`] },
    { sid: 'DecryptSource', actions: ['kms:Decrypt'], resources: [fromKey] },
    { sid: 'EncryptCopy', actions: ['kms:Encrypt', 'kms:GenerateDataKey'], resources: [toKey] },
  ];
}
