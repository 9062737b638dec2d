import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { policyDocument, type Statement, trust } from './policy-document.ts';

export interface PodIdentity {
  readonly accountId: string;
  readonly clusterArn: string;
  /** Namespace of the service account. */
  readonly namespace: string;
  /** The one service account that may take the role. */
  readonly serviceAccount: string;
}

export interface WorkloadRoleProps extends PodIdentity {
  /** Name of the role. */
  readonly name: string;
  readonly clusterName: string;
  /** What the pods may do. */
  readonly statements: readonly Statement[];
}

/** What no workload may ever do, whatever a later policy allows it. */
const NEVER: Statement = {
  sid: 'Never',
  effect: 'Deny',
  actions: [
    'dynamodb:DeleteTable',
    'kms:DisableKey',
    'kms:ScheduleKeyDeletion',
    'rds:DeleteDBCluster',
    'rds:DeleteDBInstance',
    's3:DeleteBucket',
    's3:DeleteBucketPolicy',
    's3:PutBucketPolicy',
    's3:PutLifecycleConfiguration',
  ],
  resources: ['*'],
};

/** One role for one service account, by EKS Pod Identity: no key, no node role, no web identity provider. */
export class WorkloadRole extends Construct {
  readonly arn: string;
  /** What pods must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: WorkloadRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'role', { name: props.name, assumeRolePolicy: podTrust(props) });
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'workload',
      role: role.id,
      policy: policyDocument([...props.statements, NEVER]),
    });
    const association = new EksPodIdentityAssociation(this, 'association', {
      clusterName: props.clusterName,
      namespace: props.namespace,
      serviceAccount: props.serviceAccount,
      roleArn: role.arn,
    });
    this.arn = role.arn;
    this.ready = [policy, association];
  }
}

/** Trust in EKS Pod Identity for one service account of one cluster: a pod elsewhere cannot take the role. */
export function podTrust(identity: PodIdentity): string {
  return trust({ Service: 'pods.eks.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession'], {
    StringEquals: {
      'aws:SourceAccount': identity.accountId,
      'aws:RequestTag/kubernetes-namespace': identity.namespace,
      'aws:RequestTag/kubernetes-service-account': identity.serviceAccount,
    },
    ArnEquals: { 'aws:SourceArn': identity.clusterArn },
  });
}
