import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry/index.js';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { karpenterStatements } from './karpenter-policy.ts';
import { NodeRole } from './node-role.ts';
import { policyDocument } from './policy-document.ts';
import { WorkloadRole } from './workload-role.ts';

export interface KarpenterProps {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly keyArn: string;
  /** The cluster, which must stand before its nodes are let in. */
  readonly dependsOn: ITerraformDependable[];
}

/** What tells of a node's end: two minutes before a spot node goes, a state that changes, health events of AWS. */
const EVENTS: Readonly<Record<string, { source: string; detailType: string }>> = {
  'spot-interruption': { source: 'aws.ec2', detailType: 'EC2 Spot Instance Interruption Warning' },
  'state-change': { source: 'aws.ec2', detailType: 'EC2 Instance State-change Notification' },
  rebalance: { source: 'aws.ec2', detailType: 'EC2 Instance Rebalance Recommendation' },
  health: { source: 'aws.health', detailType: 'AWS Health Event' },
};

/** The AWS side of Karpenter: role of its nodes, role of its controller, and the queue that tells it of interruptions. */
export class Karpenter extends Construct {
  /** Profile of the nodes that Karpenter starts. */
  readonly instanceProfile: string;
  /** Queue that tells Karpenter of interruptions. */
  readonly queueName: string;
  /** What its chart must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KarpenterProps) {
    super(scope, id);
    const nodes = new NodeRole(this, 'nodes', { name: `${props.clusterName}-karpenter-node` });
    const profile = new IamInstanceProfile(this, 'profile', {
      name: `${props.clusterName}-karpenter-node`,
      role: nodes.name,
      dependsOn: nodes.ready,
    });
    const entry = new EksAccessEntry(this, 'nodes-access', {
      clusterName: props.clusterName,
      principalArn: nodes.arn,
      type: 'EC2_LINUX',
      dependsOn: props.dependsOn,
    });
    this.instanceProfile = profile.name;
    this.queueName = `${props.clusterName}-interruptions`;
    const queueArn = this.queue(props);
    const controller = new WorkloadRole(this, 'controller', {
      name: `${props.clusterName}-karpenter`,
      accountId: props.accountId,
      clusterName: props.clusterName,
      clusterArn: props.clusterArn,
      namespace: 'kube-system',
      serviceAccount: 'karpenter',
      statements: karpenterStatements({
        region: props.region,
        accountId: props.accountId,
        clusterName: props.clusterName,
        clusterArn: props.clusterArn,
        nodeRoleArn: nodes.arn,
        queueArn,
        keyArn: props.keyArn,
      }),
    });
    this.ready = [entry, profile, ...nodes.ready, ...controller.ready];
  }

  private queue(props: KarpenterProps): string {
    const queue = new SqsQueue(this, 'interruptions', {
      name: this.queueName,
      // An interruption that is five minutes old has happened.
      messageRetentionSeconds: 300,
      kmsMasterKeyId: props.keyArn,
    });
    const rules = Object.entries(EVENTS).map(([name, { source, detailType }]) => {
      const rule = new CloudwatchEventRule(this, name, {
        name: `${props.clusterName}-${name}`,
        description: detailType,
        eventPattern: JSON.stringify({ source: [source], 'detail-type': [detailType] }),
      });
      new CloudwatchEventTarget(this, `${name}-target`, { rule: rule.name, arn: queue.arn });
      return rule.arn;
    });
    new SqsQueuePolicy(this, 'interruptions-policy', {
      queueUrl: queue.url,
      policy: policyDocument([
        {
          sid: 'FromRules',
          principals: { type: 'Service', identifiers: ['events.amazonaws.com'] },
          actions: ['sqs:SendMessage'],
          resources: [queue.arn],
          conditions: { ArnEquals: { 'aws:SourceArn': rules } },
        },
      ]),
    });
    return queue.arn;
  }
}
