import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { policyDocument, type Statement, serviceTrust } from './policy-document.ts';

export interface AuditTrailProps {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** The bucket, whose policy holds `trailDelivery`. */
  readonly bucketName: string;
  readonly keyArn: string;
  /** Told of every file that the trail delivers; a SIEM subscribes to it. */
  readonly topicName: string;
  readonly logDays: number;
  /** Buckets whose every read and write is recorded: the raw archives. */
  readonly dataBucketArns: readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

/** CloudTrail in all regions: every change of the account, and every read and write of raw logs. */
export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    const log = new CloudwatchLogGroup(this, 'log', {
      name: `/aws/cloudtrail/${props.name}`,
      retentionInDays: props.logDays,
      kmsKeyId: props.keyArn,
    });
    const role = new IamRole(this, 'role', {
      name: `${props.name}-log`,
      assumeRolePolicy: serviceTrust('cloudtrail.amazonaws.com', props.accountId),
    });
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'write-log',
      role: role.id,
      policy: policyDocument([
        {
          sid: 'WriteLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`arn:aws:logs:${props.region}:${props.accountId}:log-group:/aws/cloudtrail/${props.name}:*`],
        },
      ]),
    });
    new Cloudtrail(this, 'trail', {
      name: props.name,
      s3BucketName: props.bucketName,
      s3KeyPrefix: 'cloudtrail',
      kmsKeyId: props.keyArn,
      snsTopicName: props.topicName,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      cloudWatchLogsGroupArn: `${log.arn}:*`,
      cloudWatchLogsRoleArn: role.arn,
      advancedEventSelector: [
        { name: 'Management', fieldSelector: [{ field: 'eventCategory', equalTo: ['Management'] }] },
        {
          name: 'Raw logs',
          fieldSelector: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
            { field: 'resources.ARN', startsWith: props.dataBucketArns.map((arn) => `${arn}/`) },
          ],
        },
      ],
      dependsOn: [policy, ...props.dependsOn],
    });
  }
}

/** Statements of the policy of the bucket to which the trail `name` writes under `cloudtrail/`. */
export function trailDelivery(bucketArn: string, name: string, region: string, accountId: string): Statement[] {
  const principals = { type: 'Service', identifiers: ['cloudtrail.amazonaws.com'] } as const;
  const from = { StringEquals: { 'aws:SourceArn': `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}` } };
  return [
    { sid: 'TrailChecksBucket', principals, actions: ['s3:GetBucketAcl'], resources: [bucketArn], conditions: from },
    {
      sid: 'TrailWrites',
      principals,
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/cloudtrail/AWSLogs/${accountId}/*`],
      conditions: from,
    },
  ];
}
