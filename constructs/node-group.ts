import { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group/index.js';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface NodeGroupProps {
  readonly clusterName: string;
  readonly name: string;
  /** The role of the nodes. */
  readonly roleArn: string;
  readonly subnetIds: readonly string[];
  /** Security groups of the nodes. */
  readonly securityGroupIds: readonly string[];
  /** Graviton types, in the order of preference. */
  readonly instanceTypes: readonly string[];
  /** Spot nodes may be taken away with two minutes of notice. */
  readonly capacity: 'SPOT' | 'ON_DEMAND';
  /** The fewest nodes there may be. */
  readonly min: number;
  /** Nodes at the first deployment; later the number that is there is left alone. */
  readonly desired: number;
  /** The most nodes there may be. */
  readonly max: number;
  /** Root volume in GiB, gp3. */
  readonly diskGib: number;
  /** Copied to instances and volumes, which the provider's default tags do not reach. */
  readonly tags: Readonly<Record<string, string>>;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A managed group of Graviton nodes on Bottlerocket: encrypted gp3, IMDSv2 that a pod cannot reach (hop limit 1), no SSH.
 * The desired size belongs to whoever scales after the first deployment.
 */
export class NodeGroup extends Construct {
  /** The node group, for what must wait for it. */
  readonly group: EksNodeGroup;
  /** Name of the group behind it, for alarms. */
  readonly autoScalingGroupName: string;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const template = new LaunchTemplate(this, 'template', {
      name: `${props.clusterName}-${props.name}`,
      updateDefaultVersion: true,
      vpcSecurityGroupIds: [...props.securityGroupIds],
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
        httpProtocolIpv6: 'disabled',
        instanceMetadataTags: 'disabled',
      },
      // Bottlerocket keeps its system on the first volume, and images, logs and scratch space on the second.
      blockDeviceMappings: [volume('/dev/xvda', 4), volume('/dev/xvdb', props.diskGib)],
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { ...props.tags, Name: `${props.clusterName}-${props.name}` },
      })),
    });
    this.group = new EksNodeGroup(this, 'nodes', {
      clusterName: props.clusterName,
      nodeGroupName: props.name,
      nodeRoleArn: props.roleArn,
      subnetIds: [...props.subnetIds],
      amiType: 'BOTTLEROCKET_ARM_64',
      capacityType: props.capacity,
      instanceTypes: [...props.instanceTypes],
      launchTemplate: { name: template.name, version: `\${${template.fqn}.latest_version}` },
      scalingConfig: { minSize: props.min, desiredSize: props.desired, maxSize: props.max },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      labels: { 'aurora-logs/capacity': props.capacity === 'SPOT' ? 'spot' : 'on-demand' },
      // Sizes are changed by schedules at night and by people in incidents; a deployment must not undo them.
      lifecycle: { ignoreChanges: ['scaling_config[0].desired_size', 'scaling_config[0].min_size'] },
      dependsOn: props.dependsOn,
    });
    this.autoScalingGroupName = this.group.resources.get(0).autoscalingGroups.get(0).name;
  }
}

function volume(deviceName: string, volumeSize: number) {
  return { deviceName, ebs: { volumeType: 'gp3', volumeSize, encrypted: 'true', deleteOnTermination: 'true' } };
}
