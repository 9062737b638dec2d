import { EksAddon } from '@cdktf/provider-aws/lib/eks-addon/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { podTrust } from './workload-role.ts';

interface Addon {
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The service account that gets a role of its own with this managed policy. */
  readonly identity?: { readonly serviceAccount: string; readonly policyArn: string };
}

/** What a node needs before its first pod: network, service addresses, identities. */
const BEFORE_NODES: readonly Addon[] = [
  {
    name: 'vpc-cni',
    // Prefixes give small nodes room for all pods; network policies are enforced by the CNI itself.
    settings: { enableNetworkPolicy: 'true', env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' } },
    identity: { serviceAccount: 'aws-node', policyArn: 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy' },
  },
  { name: 'kube-proxy' },
  { name: 'eks-pod-identity-agent' },
];

/** What runs on nodes: name service, volumes, and the metrics that autoscaling reads. */
const ON_NODES: readonly Addon[] = [
  { name: 'coredns' },
  {
    name: 'aws-ebs-csi-driver',
    identity: {
      serviceAccount: 'ebs-csi-controller-sa',
      policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy',
    },
  },
  { name: 'metrics-server' },
];

export interface ClusterAddonsProps {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly accountId: string;
  /** Tags of the volumes that the EBS driver makes, which Terraform never sees. */
  readonly volumeTags: Readonly<Record<string, string>>;
  readonly dependsOn: ITerraformDependable[];
}

/** EKS add-ons in the order in which a cluster comes to life; their versions are the defaults of the cluster's version. */
export class ClusterAddons extends Construct {
  /** Nodes must wait for these. */
  readonly beforeNodes: ITerraformDependable[];
  private readonly props: ClusterAddonsProps;

  constructor(scope: Construct, id: string, props: ClusterAddonsProps) {
    super(scope, id);
    this.props = props;
    this.beforeNodes = BEFORE_NODES.map((addon) => this.addon(addon, props.dependsOn));
  }

  /** Adds what runs on nodes, once there are nodes. Answers what releases must wait for. */
  onNodes(nodes: ITerraformDependable[]): ITerraformDependable[] {
    return ON_NODES.map((addon) => this.addon(addon, nodes));
  }

  private addon(addon: Addon, dependsOn: ITerraformDependable[]): EksAddon {
    const settings =
      addon.name === 'aws-ebs-csi-driver' ? { controller: { extraVolumeTags: this.props.volumeTags } } : addon.settings;
    return new EksAddon(this, addon.name, {
      clusterName: this.props.clusterName,
      addonName: addon.name,
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'PRESERVE',
      ...(settings ? { configurationValues: JSON.stringify(settings) } : {}),
      ...(addon.identity ? { podIdentityAssociation: [this.identity(addon.name, addon.identity)] } : {}),
      dependsOn,
    });
  }

  private identity(
    name: string,
    identity: NonNullable<Addon['identity']>,
  ): { serviceAccount: string; roleArn: string } {
    const role = new IamRole(this, `${name}-role`, {
      name: `${this.props.clusterName}-${name}`,
      assumeRolePolicy: podTrust({
        accountId: this.props.accountId,
        clusterArn: this.props.clusterArn,
        namespace: 'kube-system',
        serviceAccount: identity.serviceAccount,
      }),
    });
    new IamRolePolicyAttachment(this, `${name}-policy`, { role: role.name, policyArn: identity.policyArn });
    return { serviceAccount: identity.serviceAccount, roleArn: role.arn };
  }
}
