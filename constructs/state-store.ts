import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import type { AuditBucket } from './audit-bucket.ts';
import { SecureBucket } from './secure-bucket.ts';

export interface StateStoreProps {
  readonly deletionAlarm: AlarmTopic;
  readonly bucketName: string;
  readonly lockTable: string;
  readonly keyArn: string;
  readonly accessLog: AuditBucket;
}

/** Where Terraform keeps the state of every environment, and the lock that keeps two deployments apart. */
export class StateStore extends Construct {
  readonly bucketArn: string;
  readonly lockTableArn: string;

  constructor(scope: Construct, id: string, props: StateStoreProps) {
    super(scope, id);
    this.bucketArn = new SecureBucket(this, 'state', {
      deletionAlarm: props.deletionAlarm,
      name: props.bucketName,
      keyArn: props.keyArn,
      oldVersionDays: 365,
      protect: true,
      accessLog: props.accessLog,
    }).arn;
    this.lockTableArn = new DynamodbTable(this, 'lock', {
      name: props.lockTable,
      hashKey: 'LockID',
      attribute: [{ name: 'LockID', type: 'S' }],
      billingMode: 'PAY_PER_REQUEST',
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: props.keyArn },
      deletionProtectionEnabled: true,
      lifecycle: { preventDestroy: true },
    }).arn;
  }
}
