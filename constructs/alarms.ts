import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';

export interface AlarmsProps {
  readonly prefix: string;
  readonly topicArn: string;
  readonly clusterName: string;
  /** The group of the fixed nodes, whose status checks are watched. */
  readonly autoScalingGroup: string;
  /** Tables of DynamoDB whose throttled requests are watched. */
  readonly tables: readonly string[];
  /** Nodes of Valkey; none where there is no Valkey. */
  readonly cacheNodes: readonly string[];
  /** Instances of Aurora that the environment owns. */
  readonly auroraInstances: readonly string[];
  /** Instances of RDS for PostgreSQL. */
  readonly databases: readonly string[];
  /** Queues in which a message means that something was given up. */
  readonly deadLetterQueues: readonly string[];
}

interface Rule {
  readonly id: string;
  readonly what: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Average' | 'Sum' | 'Maximum' | 'Minimum';
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly periods: number;
}

const PERIOD_SECONDS = 300;
const GIB = 2 ** 30;

/** CloudWatch alarms on what AWS measures itself; what the apps measure has its rules in the observability chart. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    for (const rule of rulesFor(props)) new CloudwatchMetricAlarm(this, rule.id, alarm(props, rule));
  }
}

function alarm(props: AlarmsProps, rule: Rule): CloudwatchMetricAlarmConfig {
  return {
    alarmName: `${props.prefix}-${rule.id}`,
    alarmDescription: rule.what,
    namespace: rule.namespace,
    metricName: rule.metric,
    dimensions: rule.dimensions,
    statistic: rule.statistic,
    comparisonOperator: rule.comparison,
    threshold: rule.threshold,
    period: PERIOD_SECONDS,
    evaluationPeriods: rule.periods,
    // A source that pauses and nodes that sleep send nothing; silence is no trouble by itself.
    treatMissingData: 'notBreaching',
    alarmActions: [props.topicArn],
    okActions: [props.topicArn],
  };
}

/** The alarms of an environment, as data. */
export function rulesFor(props: AlarmsProps): Rule[] {
  const above = { comparison: 'GreaterThanThreshold', periods: 1 } as const;
  return [
    ...props.auroraInstances.flatMap((name) => auroraRules(name)),
    ...props.databases.flatMap((name) => postgresRules(name)),
    ...props.tables.flatMap((name) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
        (metric): Rule => ({
          id: `${name}-${metric}`,
          what: `Table ${name} refuses requests.`,
          namespace: 'AWS/DynamoDB',
          metric,
          dimensions: { TableName: name },
          statistic: 'Sum',
          threshold: 0,
          ...above,
        }),
      ),
    ),
    ...props.cacheNodes.flatMap((name) => cacheRules(name)),
    {
      id: 'node-status',
      what: 'A Kubernetes node fails its status check.',
      namespace: 'AWS/EC2',
      metric: 'StatusCheckFailed',
      dimensions: { AutoScalingGroupName: props.autoScalingGroup },
      statistic: 'Maximum',
      threshold: 0,
      comparison: 'GreaterThanThreshold',
      periods: 2,
    },
    {
      id: 'kubernetes-api-errors',
      what: 'The Kubernetes API answers with errors of its own.',
      namespace: 'AWS/EKS',
      metric: 'apiserver_request_total_5XX',
      dimensions: { ClusterName: props.clusterName },
      statistic: 'Sum',
      threshold: 50,
      comparison: 'GreaterThanThreshold',
      periods: 2,
    },
    {
      id: 'pods-pending',
      what: 'Pods find no node.',
      namespace: 'AWS/EKS',
      metric: 'scheduler_pending_pods_UNSCHEDULABLE',
      dimensions: { ClusterName: props.clusterName },
      statistic: 'Minimum',
      threshold: 0,
      comparison: 'GreaterThanThreshold',
      periods: 3,
    },
    ...props.deadLetterQueues.map(
      (name): Rule => ({
        id: `${name}-not-empty`,
        what: `Queue ${name} holds what could not be delivered.`,
        namespace: 'AWS/SQS',
        metric: 'ApproximateNumberOfMessagesVisible',
        dimensions: { QueueName: name },
        statistic: 'Maximum',
        threshold: 0,
        ...above,
      }),
    ),
  ];
}

function auroraRules(name: string): Rule[] {
  const at = { namespace: 'AWS/RDS', dimensions: { DBInstanceIdentifier: name } } as const;
  return [
    {
      id: `${name}-cpu`,
      what: `Aurora instance ${name} is over 80 % CPU.`,
      ...at,
      metric: 'CPUUtilization',
      statistic: 'Average',
      comparison: 'GreaterThanThreshold',
      threshold: 80,
      periods: 2,
    },
    {
      // RDS deletes logs early when they take 15 % of this.
      id: `${name}-local-storage`,
      what: `Aurora instance ${name} has little local storage left; its logs are deleted early.`,
      ...at,
      metric: 'FreeLocalStorage',
      statistic: 'Minimum',
      comparison: 'LessThanThreshold',
      threshold: 2 * GIB,
      periods: 2,
    },
  ];
}

function postgresRules(name: string): Rule[] {
  const at = { namespace: 'AWS/RDS', dimensions: { DBInstanceIdentifier: name }, periods: 2 } as const;
  return [
    {
      id: `${name}-cpu`,
      what: `Database ${name} is over 80 % CPU.`,
      ...at,
      metric: 'CPUUtilization',
      statistic: 'Average',
      comparison: 'GreaterThanThreshold',
      threshold: 80,
    },
    {
      id: `${name}-storage`,
      what: `Database ${name} has little storage left.`,
      ...at,
      metric: 'FreeStorageSpace',
      statistic: 'Minimum',
      comparison: 'LessThanThreshold',
      threshold: 4 * GIB,
    },
  ];
}

function cacheRules(name: string): Rule[] {
  const at = { namespace: 'AWS/ElastiCache', dimensions: { CacheClusterId: name } } as const;
  return [
    {
      id: `${name}-evictions`,
      what: `Cache node ${name} drops answers before their time.`,
      ...at,
      metric: 'Evictions',
      statistic: 'Sum',
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      periods: 3,
    },
    {
      id: `${name}-cpu`,
      what: `Cache node ${name} is over 90 % CPU.`,
      ...at,
      metric: 'EngineCPUUtilization',
      statistic: 'Average',
      comparison: 'GreaterThanThreshold',
      threshold: 90,
      periods: 2,
    },
  ];
}
