import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { SchedulerScheduleGroup } from '@cdktf/provider-aws/lib/scheduler-schedule-group/index.js';
import { Construct } from 'constructs';
import { policyDocument, serviceTrust } from './policy-document.ts';

export interface ScaleDownProps {
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  readonly keyArn: string;
  /** EventBridge Scheduler expressions, in `timezone`. */
  readonly stop: string;
  readonly start: string;
  readonly timezone: string;
  /** The node group that goes to 0 nodes, and the numbers it wakes up with. */
  readonly nodeGroup: {
    readonly cluster: string;
    readonly name: string;
    readonly min: number;
    readonly desired: number;
  };
  /** Sleeps together with the nodes: a source that writes while nobody reads would lose logs after a day. */
  readonly sourceCluster?: string;
}

/** Puts nodes and source to sleep at night and at weekends, by calls of EventBridge Scheduler: no code runs for it. */
export class ScaleDown extends Construct {
  constructor(scope: Construct, id: string, props: ScaleDownProps) {
    super(scope, id);
    const group = new SchedulerScheduleGroup(this, 'group', { name: props.prefix });
    const role = this.role(props);
    const at = (name: string, scheduleExpression: string, call: string, input: unknown) =>
      new SchedulerSchedule(this, name, {
        name: `${props.prefix}-${name}`,
        groupName: group.name,
        scheduleExpression,
        scheduleExpressionTimezone: props.timezone,
        flexibleTimeWindow: { mode: 'OFF' },
        kmsKeyArn: props.keyArn,
        target: {
          arn: `arn:aws:scheduler:::aws-sdk:${call}`,
          roleArn: role.arn,
          input: JSON.stringify(input),
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        },
      });
    const nodes = (minSize: number, desiredSize: number) => ({
      ClusterName: props.nodeGroup.cluster,
      NodegroupName: props.nodeGroup.name,
      ScalingConfig: { MinSize: minSize, DesiredSize: desiredSize },
    });
    at('stop-nodes', props.stop, 'eks:updateNodegroupConfig', nodes(0, 0));
    at('start-nodes', props.start, 'eks:updateNodegroupConfig', nodes(props.nodeGroup.min, props.nodeGroup.desired));
    if (props.sourceCluster !== undefined) {
      const source = { DbClusterIdentifier: props.sourceCluster };
      at('stop-source', props.stop, 'rds:stopDBCluster', source);
      at('start-source', props.start, 'rds:startDBCluster', source);
    }
  }

  private role(props: ScaleDownProps): IamRole {
    const role = new IamRole(this, 'role', {
      name: `${props.prefix}-scale-down`,
      assumeRolePolicy: serviceTrust('scheduler.amazonaws.com', props.accountId),
    });
    const arn = (service: string, rest: string) => `arn:aws:${service}:${props.region}:${props.accountId}:${rest}`;
    const { cluster, name } = props.nodeGroup;
    new IamRolePolicy(this, 'policy', {
      name: 'sleep-and-wake',
      role: role.id,
      policy: policyDocument([
        {
          sid: 'Nodes',
          actions: ['eks:UpdateNodegroupConfig'],
          resources: [arn('eks', `nodegroup/${cluster}/${name}/*`)],
        },
        ...(props.sourceCluster === undefined
          ? []
          : [
              {
                sid: 'Source',
                actions: ['rds:StartDBCluster', 'rds:StopDBCluster'],
                resources: [arn('rds', `cluster:${props.sourceCluster}`)],
              },
            ]),
        { sid: 'ReadInput', actions: ['kms:Decrypt'], resources: [props.keyArn] },
      ]),
    });
    return role;
  }
}
