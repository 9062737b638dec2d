import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import type { Statement } from './policy-document.ts';
import { SecureBucket } from './secure-bucket.ts';

export interface AuditBucketProps {
  readonly deletionAlarm: AlarmTopic;
  readonly name: string;
  readonly accountId: string;
  /** Days that audit logs are kept. */
  readonly retentionDays: number;
  readonly protect: boolean;
  /** AWS services that deliver logs here, beside flow logs, S3 access logs and load balancers. */
  readonly deliveries?: (bucketArn: string) => readonly Statement[];
}

const DELIVERY_SERVICES = {
  FlowLogs: 'delivery.logs.amazonaws.com',
  BucketAccess: 'logging.s3.amazonaws.com',
  LoadBalancers: 'logdelivery.elasticloadbalancing.amazonaws.com',
} as const;

/**
 * Who did what: access logs of the buckets, flow logs, load balancer logs. Encrypted by S3's own key, because S3 and load
 * balancers deliver to no other.
 */
export class AuditBucket extends Construct {
  readonly name: string;
  readonly arn: string;
  /** The bucket's policy, before which nothing can be delivered. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: AuditBucketProps) {
    super(scope, id);
    const bucket = new SecureBucket(this, 'logs', {
      deletionAlarm: props.deletionAlarm,
      name: props.name,
      expireDays: props.retentionDays,
      oldVersionDays: 30,
      protect: props.protect,
      statements: (arn) => [...deliveryStatements(arn, props.accountId), ...(props.deliveries?.(arn) ?? [])],
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
    this.policy = bucket.policy;
  }
}

function deliveryStatements(bucketArn: string, accountId: string): Statement[] {
  const conditions = { StringEquals: { 'aws:SourceAccount': accountId } };
  return Object.entries(DELIVERY_SERVICES).flatMap(([name, service]): Statement[] => {
    const principals = { type: 'Service', identifiers: [service] } as const;
    return [
      { sid: `Deliver${name}`, principals, actions: ['s3:PutObject'], resources: [`${bucketArn}/*`], conditions },
      { sid: `Check${name}`, principals, actions: ['s3:GetBucketAcl'], resources: [bucketArn], conditions },
    ];
  });
}
