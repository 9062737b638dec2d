import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging/index.js';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import { policyDocument, type Statement } from './policy-document.ts';

export interface SecureBucketProps {
  /** Globally unique; carries the account id. */
  readonly name: string;
  /** The key of the bucket; without one, S3's own key (where a log service cannot use a customer managed one). */
  readonly keyArn?: string;
  /** Days after which an object is deleted; never without it. */
  readonly expireDays?: number;
  /** Days after which an object moves to Glacier Instant Retrieval; never without it. */
  readonly coldAfterDays?: number;
  /** Days after which a replaced or deleted version is gone for good. */
  readonly oldVersionDays: number;
  /** Terraform refuses to destroy the bucket; otherwise destroying empties it. */
  readonly protect: boolean;
  /** Receives the access log of this bucket, under the bucket's name. */
  readonly accessLog?: { readonly name: string; readonly policy: ITerraformDependable };
  /** Told when somebody deletes a stored version for good; expiry by the lifecycle does not count. */
  readonly deletionAlarm: AlarmTopic;
  /** Statements of the bucket policy beside the denial of plain text and old TLS. */
  readonly statements?: (bucketArn: string) => readonly Statement[];
  /** For a bucket in another region. */
  readonly provider?: AwsProvider;
}

/**
 * A private, versioned, encrypted bucket: no ACLs, no public access, TLS 1.2 or newer only, incomplete uploads removed after
 * 7 days, old versions after `oldVersionDays`.
 */
export class SecureBucket extends Construct {
  readonly name: string;
  readonly arn: string;
  /** The versioning, on which replication must wait. */
  readonly versioning: S3BucketVersioningA;
  /** The bucket policy, before which no AWS service can deliver. */
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: SecureBucketProps) {
    super(scope, id);
    const provider = props.provider ? { provider: props.provider } : {};
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: props.name,
      forceDestroy: !props.protect,
      lifecycle: { preventDestroy: props.protect },
      ...provider,
    });
    // By reference, so that whatever names the bucket waits for it.
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    const at = { bucket: bucket.id, ...provider };
    const access = new S3BucketPublicAccessBlock(this, 'public-access', {
      ...at,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', { ...at, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', { ...at, rule: [encryptionRule(props.keyArn)] });
    this.versioning = new S3BucketVersioningA(this, 'versioning', {
      ...at,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      ...at,
      rule: [lifecycleRule(props)],
      dependsOn: [this.versioning],
    });
    this.policy = new S3BucketPolicy(this, 'policy', {
      ...at,
      policy: policyDocument([...tlsOnly(this.arn), ...(props.statements?.(this.arn) ?? [])]),
      dependsOn: [access],
    });
    new S3BucketNotification(this, 'deletions', {
      ...at,
      topic: [{ topicArn: props.deletionAlarm.arn, events: ['s3:ObjectRemoved:Delete'] }],
      dependsOn: [props.deletionAlarm.policy],
    });
    if (props.accessLog !== undefined) {
      new S3BucketLoggingA(this, 'access-log', {
        ...at,
        targetBucket: props.accessLog.name,
        targetPrefix: `s3/${props.name}/`,
        dependsOn: [props.accessLog.policy],
      });
    }
  }
}

function encryptionRule(keyArn: string | undefined) {
  if (keyArn === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
    bucketKeyEnabled: true,
  };
}

function lifecycleRule(props: SecureBucketProps): S3BucketLifecycleConfigurationRule {
  return {
    id: 'retention',
    status: 'Enabled',
    filter: [{ prefix: '' }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
    noncurrentVersionExpiration: [{ noncurrentDays: props.oldVersionDays }],
    ...(props.coldAfterDays === undefined
      ? {}
      : { transition: [{ days: props.coldAfterDays, storageClass: 'GLACIER_IR' }] }),
    ...(props.expireDays === undefined ? {} : { expiration: [{ days: props.expireDays }] }),
  };
}

function tlsOnly(bucketArn: string): Statement[] {
  const all = { principals: '*', actions: ['s3:*'], resources: [bucketArn, `${bucketArn}/*`] } as const;
  return [
    { sid: 'DenyPlainText', effect: 'Deny', ...all, conditions: { Bool: { 'aws:SecureTransport': 'false' } } },
    { sid: 'DenyOldTls', effect: 'Deny', ...all, conditions: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
  ];
}
