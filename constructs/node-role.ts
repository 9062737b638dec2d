import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { instanceTrust } from './policy-document.ts';

const POLICIES = {
  worker: 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy',
  images: 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly',
  // A shell on a node by Session Manager: audited, and no port is open for it.
  sessions: 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
} as const;

/** The role of Kubernetes nodes: join the cluster, pull images. Pods have roles of their own and cannot reach this one. */
export class NodeRole extends Construct {
  readonly arn: string;
  readonly name: string;
  /** What nodes must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: { readonly name: string }) {
    super(scope, id);
    const role = new IamRole(this, 'role', { name: props.name, assumeRolePolicy: instanceTrust() });
    this.arn = role.arn;
    this.name = props.name;
    this.ready = Object.entries(POLICIES).map(
      ([name, policyArn]) => new IamRolePolicyAttachment(this, name, { role: role.name, policyArn }),
    );
  }
}
