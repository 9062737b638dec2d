import { BackupPlan } from '@cdktf/provider-aws/lib/backup-plan/index.js';
import { BackupSelection } from '@cdktf/provider-aws/lib/backup-selection/index.js';
import { BackupVault } from '@cdktf/provider-aws/lib/backup-vault/index.js';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { Construct } from 'constructs';
import { policyDocument, serviceTrust } from './policy-document.ts';

export interface BackupsProps {
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  readonly keyArn: string;
  readonly topicArn: string;
  /** Days that a recovery point is kept. */
  readonly retentionDays: number;
  readonly protect: boolean;
  /** ARNs saved by name, beside every volume that carries the environment's tags. */
  readonly resources: readonly string[];
  /** Volumes of the environment are found by these tags. */
  readonly volumeTags: Readonly<Record<string, string>>;
}

/** Daily backups of databases and volumes; failed jobs are announced, and an announcement that got lost is kept in a queue. */
export class Backups extends Construct {
  /** Name of the queue of notices that could not be delivered. */
  readonly deadLetterQueue: string;

  constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    const vault = new BackupVault(this, 'vault', {
      name: props.prefix,
      kmsKeyArn: props.keyArn,
      forceDestroy: !props.protect,
    });
    const plan = new BackupPlan(this, 'plan', {
      name: props.prefix,
      rule: [
        {
          ruleName: 'daily',
          targetVaultName: vault.name,
          schedule: 'cron(0 4 * * ? *)',
          startWindow: 60,
          completionWindow: 240,
          lifecycle: { deleteAfter: props.retentionDays },
        },
      ],
    });
    const role = new IamRole(this, 'role', {
      name: `${props.prefix}-backup`,
      assumeRolePolicy: serviceTrust('backup.amazonaws.com', props.accountId),
    });
    for (const name of ['ForBackup', 'ForRestores']) {
      new IamRolePolicyAttachment(this, `policy-${name}`, {
        role: role.name,
        policyArn: `arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicy${name}`,
      });
    }
    new BackupSelection(this, 'named', {
      name: 'named',
      planId: plan.id,
      iamRoleArn: role.arn,
      resources: [...props.resources],
    });
    new BackupSelection(this, 'volumes', {
      name: 'volumes',
      planId: plan.id,
      iamRoleArn: role.arn,
      resources: [`arn:aws:ec2:${props.region}:${props.accountId}:volume/*`],
      condition: [
        {
          stringEquals: Object.entries(props.volumeTags).map(([key, value]) => ({
            key: `aws:ResourceTag/${key}`,
            value,
          })),
        },
      ],
    });
    this.deadLetterQueue = `${props.prefix}-backup-events-dead-letter`;
    this.announceFailures(props);
  }

  private announceFailures(props: BackupsProps): void {
    const queue = new SqsQueue(this, 'dead-letter', {
      name: this.deadLetterQueue,
      kmsMasterKeyId: props.keyArn,
      messageRetentionSeconds: 14 * 86_400,
    });
    const rule = new CloudwatchEventRule(this, 'failed', {
      name: `${props.prefix}-backup-failed`,
      description: 'A backup job did not end well',
      eventPattern: JSON.stringify({
        source: ['aws.backup'],
        'detail-type': ['Backup Job State Change'],
        detail: { state: ['ABORTED', 'EXPIRED', 'FAILED'] },
      }),
    });
    new SqsQueuePolicy(this, 'dead-letter-policy', {
      queueUrl: queue.url,
      policy: policyDocument([
        {
          sid: 'FromRule',
          principals: { type: 'Service', identifiers: ['events.amazonaws.com'] },
          actions: ['sqs:SendMessage'],
          resources: [queue.arn],
          conditions: { ArnEquals: { 'aws:SourceArn': rule.arn } },
        },
      ]),
    });
    new CloudwatchEventTarget(this, 'failed-to-topic', {
      rule: rule.name,
      arn: props.topicArn,
      deadLetterConfig: { arn: queue.arn },
    });
  }
}
