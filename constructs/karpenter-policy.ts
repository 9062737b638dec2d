import type { Statement } from './policy-document.ts';

export interface KarpenterScope {
  readonly region: string;
  readonly accountId: string;
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly nodeRoleArn: string;
  readonly queueArn: string;
  readonly keyArn: string;
}

/** What Karpenter's controller may do: start nodes that carry this cluster's tags, and end only those. */
export function karpenterStatements(scope: KarpenterScope): Statement[] {
  return [...launch(scope), ...tagAndEnd(scope), ...read(scope)];
}

function ec2(scope: KarpenterScope, type: string): string {
  return `arn:aws:ec2:${scope.region}:${scope.accountId}:${type}/*`;
}

function launch(scope: KarpenterScope): Statement[] {
  const owned = `kubernetes.io/cluster/${scope.clusterName}`;
  const launched = ['fleet', 'instance', 'volume', 'network-interface', 'launch-template', 'spot-instances-request'];
  return [
    {
      sid: 'LaunchFrom',
      actions: ['ec2:CreateFleet', 'ec2:RunInstances'],
      resources: [
        `arn:aws:ec2:${scope.region}::image/*`,
        `arn:aws:ec2:${scope.region}::snapshot/*`,
        ec2(scope, 'security-group'),
        ec2(scope, 'subnet'),
      ],
    },
    {
      sid: 'LaunchFromOwnTemplate',
      actions: ['ec2:CreateFleet', 'ec2:RunInstances'],
      resources: [ec2(scope, 'launch-template')],
      conditions: { StringEquals: { [`aws:ResourceTag/${owned}`]: 'owned' } },
    },
    {
      sid: 'LaunchTagged',
      actions: ['ec2:CreateFleet', 'ec2:CreateLaunchTemplate', 'ec2:RunInstances'],
      resources: launched.map((type) => ec2(scope, type)),
      conditions: {
        StringEquals: { [`aws:RequestTag/${owned}`]: 'owned' },
        StringLike: { 'aws:RequestTag/karpenter.sh/nodepool': '*' },
      },
    },
    {
      sid: 'PassNodeRole',
      actions: ['iam:PassRole'],
      resources: [scope.nodeRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    },
  ];
}

function tagAndEnd(scope: KarpenterScope): Statement[] {
  const owned = `kubernetes.io/cluster/${scope.clusterName}`;
  return [
    {
      sid: 'TagWhatIsLaunched',
      actions: ['ec2:CreateTags'],
      resources: ['fleet', 'instance', 'volume', 'network-interface', 'launch-template', 'spot-instances-request'].map(
        (type) => ec2(scope, type),
      ),
      conditions: {
        StringEquals: {
          [`aws:RequestTag/${owned}`]: 'owned',
          'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'],
        },
      },
    },
    {
      sid: 'TagOwnNodes',
      actions: ['ec2:CreateTags'],
      resources: [ec2(scope, 'instance')],
      conditions: {
        StringEquals: { [`aws:ResourceTag/${owned}`]: 'owned' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['eks:eks-cluster-name', 'karpenter.sh/nodeclaim', 'Name'] },
      },
    },
    {
      sid: 'EndOwnNodes',
      actions: ['ec2:DeleteLaunchTemplate', 'ec2:TerminateInstances'],
      resources: [ec2(scope, 'instance'), ec2(scope, 'launch-template')],
      conditions: { StringEquals: { [`aws:ResourceTag/${owned}`]: 'owned' } },
    },
  ];
}

function read(scope: KarpenterScope): Statement[] {
  return [
    {
      sid: 'ReadOffers',
      // Descriptions of EC2 take no resource.
      actions: [
        'ec2:DescribeAvailabilityZones',
        'ec2:DescribeImages',
        'ec2:DescribeInstances',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypeOfferings',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeLaunchTemplates',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSpotPriceHistory',
        'ec2:DescribeSubnets',
      ],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:RequestedRegion': scope.region } },
    },
    { sid: 'ReadPrices', actions: ['pricing:GetProducts'], resources: ['*'] },
    {
      sid: 'ReadImages',
      actions: ['ssm:GetParameter'],
      resources: [`arn:aws:ssm:${scope.region}::parameter/aws/service/*`],
    },
    {
      sid: 'ReadProfiles',
      actions: ['iam:GetInstanceProfile'],
      resources: [`arn:aws:iam::${scope.accountId}:instance-profile/${scope.clusterName}-*`],
    },
    {
      sid: 'ListProfiles',
      actions: ['iam:ListInstanceProfiles'],
      resources: [`arn:aws:iam::${scope.accountId}:instance-profile/*`],
    },
    { sid: 'FindCluster', actions: ['eks:DescribeCluster'], resources: [scope.clusterArn] },
    {
      sid: 'HearInterruptions',
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
      resources: [scope.queueArn],
    },
    { sid: 'ReadQueueKey', actions: ['kms:Decrypt'], resources: [scope.keyArn] },
  ];
}
