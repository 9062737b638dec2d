import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry/index.js';
import { EksAccessPolicyAssociation } from '@cdktf/provider-aws/lib/eks-access-policy-association/index.js';
import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { serviceTrust } from './policy-document.ts';

export interface ClusterProps {
  readonly name: string;
  readonly accountId: string;
  /** A Kubernetes version in standard support. */
  readonly version: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** Encrypts Kubernetes secrets and the control plane's log. */
  readonly keyArn: string;
  /** Logs of the control plane that are kept: `api`, `audit`, `authenticator`, `controllerManager`, `scheduler`. */
  readonly logTypes: readonly string[];
  readonly logDays: number;
  /** Ranges that may reach the API from outside; with none the API is private. */
  readonly apiCidrs: readonly string[];
  /** Administrators by a stable name: the role that deploys, and others. */
  readonly administrators: Readonly<Record<string, string>>;
  readonly protect: boolean;
}

const ADMIN_POLICY = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';

/** The EKS control plane: access by entries alone, secrets under our key, standard support so that it never costs sixfold. */
export class Cluster extends Construct {
  readonly arn: string;
  /** The cluster itself, for what must wait for it. */
  readonly resource: ITerraformDependable;
  /** What a Kubernetes client needs; the certificate authority is PEM. */
  readonly connection: { readonly name: string; readonly endpoint: string; readonly certificateAuthority: string };
  /** What must exist before something is installed, and must outlive it when all is destroyed. */
  readonly access: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: `${props.name}-control-plane`,
      assumeRolePolicy: serviceTrust('eks.amazonaws.com', props.accountId),
    });
    const policy = new IamRolePolicyAttachment(this, 'policy', {
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/AmazonEKSClusterPolicy',
    });
    // Made before the cluster: EKS would make it without an end of retention.
    const log = new CloudwatchLogGroup(this, 'log', {
      name: `/aws/eks/${props.name}/cluster`,
      retentionInDays: props.logDays,
      kmsKeyId: props.keyArn,
    });
    const cluster = new EksCluster(this, 'cluster', {
      name: props.name,
      version: props.version,
      roleArn: role.arn,
      bootstrapSelfManagedAddons: false,
      deletionProtection: props.protect,
      upgradePolicy: { supportType: 'STANDARD' },
      enabledClusterLogTypes: [...props.logTypes],
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      encryptionConfig: { resources: ['secrets'], provider: { keyArn: props.keyArn } },
      vpcConfig: {
        subnetIds: [...props.subnetIds],
        securityGroupIds: [props.securityGroupId],
        endpointPrivateAccess: true,
        endpointPublicAccess: props.apiCidrs.length > 0,
        ...(props.apiCidrs.length > 0 ? { publicAccessCidrs: [...props.apiCidrs] } : {}),
      },
      lifecycle: { preventDestroy: props.protect },
      dependsOn: [policy, log],
    });
    this.arn = cluster.arn;
    this.resource = cluster;
    this.connection = {
      name: props.name,
      endpoint: cluster.endpoint,
      certificateAuthority: Fn.base64decode(cluster.certificateAuthority.get(0).data),
    };
    this.access = Object.entries(props.administrators).flatMap(([name, arn]) => this.administrator(name, arn, cluster));
  }

  private administrator(name: string, principalArn: string, cluster: EksCluster): ITerraformDependable[] {
    const entry = new EksAccessEntry(this, `access-${name}`, { clusterName: cluster.name, principalArn });
    const policy = new EksAccessPolicyAssociation(this, `access-${name}-policy`, {
      clusterName: cluster.name,
      principalArn,
      policyArn: ADMIN_POLICY,
      accessScope: { type: 'cluster' },
      dependsOn: [entry],
    });
    return [entry, policy];
  }
}
