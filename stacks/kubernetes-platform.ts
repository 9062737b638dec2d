import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Cluster } from '../constructs/cluster.ts';
import { ClusterAddons } from '../constructs/cluster-addons.ts';
import { Karpenter } from '../constructs/karpenter.ts';
import type { Network } from '../constructs/network.ts';
import { NodeGroup } from '../constructs/node-group.ts';
import { NodeRole } from '../constructs/node-role.ts';
import type { Environment } from './environments.ts';

export interface KubernetesPlatformProps {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly network: Network;
  readonly keyArn: string;
  /** ARN of the role that deploys. */
  readonly deployerArn: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const NODE_GROUP = 'system';

/** Cluster, add-ons and nodes, in the order in which they need each other. */
export class KubernetesPlatform extends Construct {
  readonly cluster: Cluster;
  readonly autoScalingGroup: string;
  /** What a release must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KubernetesPlatformProps) {
    super(scope, id);
    const { environment, clusterName, network } = props;
    const { nodes } = environment.kubernetes;
    this.cluster = new Cluster(this, 'eks', {
      name: clusterName,
      accountId: environment.accountId,
      version: environment.kubernetes.version,
      subnetIds: network.nodeSubnetIds,
      securityGroupId: network.firewall.controlPlaneId,
      keyArn: props.keyArn,
      logTypes: environment.kubernetes.controlPlaneLogs,
      logDays: environment.retention.serviceLogDays,
      apiCidrs: environment.apiCidrs,
      administrators: { deployer: props.deployerArn, ...byRoleName(environment.adminRoleArns) },
      protect: environment.protected,
    });
    const addons = new ClusterAddons(this, 'addons', {
      clusterName,
      clusterArn: this.cluster.arn,
      accountId: environment.accountId,
      volumeTags: props.tags,
      dependsOn: [this.cluster.resource],
    });
    const role = new NodeRole(this, 'node-role', { name: `${clusterName}-node` });
    const group = new NodeGroup(this, NODE_GROUP, {
      ...nodes,
      clusterName,
      name: NODE_GROUP,
      roleArn: role.arn,
      subnetIds: network.nodeSubnetIds.slice(0, environment.nodeZones),
      securityGroupIds: [network.firewall.nodesId],
      tags: props.tags,
      dependsOn: [this.cluster.resource, ...role.ready, ...network.ready, ...addons.beforeNodes],
    });
    this.autoScalingGroup = group.autoScalingGroupName;
    const onNodes = addons.onNodes([group.group]);
    const karpenter = this.karpenter(props);
    this.ready = [
      ...network.ready,
      ...this.cluster.access,
      group.group,
      ...addons.beforeNodes,
      ...onNodes,
      ...karpenter,
    ];
  }

  private karpenter(props: KubernetesPlatformProps): ITerraformDependable[] {
    const { environment } = props;
    if (environment.kubernetes.karpenterMaxVcpu === 0) return [];
    return new Karpenter(this, 'karpenter', {
      clusterName: props.clusterName,
      clusterArn: this.cluster.arn,
      accountId: environment.accountId,
      region: environment.region,
      keyArn: props.keyArn,
      dependsOn: [this.cluster.resource],
    }).ready;
  }
}

function byRoleName(arns: readonly string[]): Record<string, string> {
  return Object.fromEntries(arns.map((arn) => [arn.slice(arn.lastIndexOf('/') + 1), arn]));
}
