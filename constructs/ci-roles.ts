import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { policyDocument, type Statement, trust } from './policy-document.ts';

export interface CiRolesProps {
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  /** Principals of the build server. */
  readonly principalArns: readonly string[];
  /** Image repositories that may be pushed to. */
  readonly repositories: readonly string[];
  /** The bucket with the state of every environment. */
  readonly stateBucketArn: string;
  /** The table with the lock of the state. */
  readonly lockTableArn: string;
  readonly keyArn: string;
  /** Buckets with database logs: no build may read them. */
  readonly dataBucketArns: readonly string[];
}

/** Three roles of the build server: one publishes images, one plans (and finds drift), one deploys. Sessions of one hour. */
export class CiRoles extends Construct {
  constructor(scope: Construct, id: string, props: CiRolesProps) {
    super(scope, id);
    const publish = this.role('publish', props);
    this.allow('publish', publish, publishStatements(props));
    const plan = this.role('plan', props);
    this.attach('plan', plan, 'arn:aws:iam::aws:policy/ReadOnlyAccess');
    this.allow('plan', plan, [...stateStatements(props), noLogs(props)]);
    const deploy = this.role('deploy', props);
    this.attach('deploy', deploy, 'arn:aws:iam::aws:policy/PowerUserAccess');
    this.allow('deploy', deploy, [...stateStatements(props), ...roleStatements(props), noLogs(props)]);
  }

  private role(name: string, props: CiRolesProps): IamRole {
    return new IamRole(this, name, {
      name: `${props.prefix}-ci-${name}`,
      maxSessionDuration: 3600,
      assumeRolePolicy: trust({ AWS: props.principalArns }, ['sts:AssumeRole']),
    });
  }

  private attach(name: string, role: IamRole, policyArn: string): void {
    new IamRolePolicyAttachment(this, `${name}-managed`, { role: role.name, policyArn });
  }

  private allow(name: string, role: IamRole, statements: readonly Statement[]): void {
    new IamRolePolicy(this, `${name}-policy`, { name, role: role.id, policy: policyDocument(statements) });
  }
}

function publishStatements(props: CiRolesProps): Statement[] {
  return [
    // The only call of ECR that takes no resource.
    { sid: 'SignIn', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
    {
      sid: 'Publish',
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeImages',
        'ecr:DescribeImageScanFindings',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      resources: props.repositories.map((name) => `arn:aws:ecr:${props.region}:${props.accountId}:repository/${name}`),
    },
  ];
}

function stateStatements(props: CiRolesProps): Statement[] {
  return [
    { sid: 'ListState', actions: ['s3:ListBucket'], resources: [props.stateBucketArn] },
    {
      sid: 'State',
      actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      resources: [`${props.stateBucketArn}/*.tfstate`, `${props.stateBucketArn}/*.tfstate.tflock`],
    },
    {
      sid: 'Lock',
      actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [props.lockTableArn],
    },
    { sid: 'StateKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.keyArn] },
  ];
}

function roleStatements(props: CiRolesProps): Statement[] {
  const named = (type: string) => `arn:aws:iam::${props.accountId}:${type}/${props.prefix}-*`;
  return [
    {
      sid: 'OwnRoles',
      actions: [
        'iam:AddRoleToInstanceProfile',
        'iam:AttachRolePolicy',
        'iam:CreateInstanceProfile',
        'iam:CreateRole',
        'iam:DeleteInstanceProfile',
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:GetInstanceProfile',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
        'iam:ListRolePolicies',
        'iam:PassRole',
        'iam:PutRolePolicy',
        'iam:RemoveRoleFromInstanceProfile',
        'iam:TagInstanceProfile',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
      ],
      resources: [named('role'), named('instance-profile')],
    },
    {
      sid: 'NotTheBuildServersOwn',
      effect: 'Deny',
      actions: ['iam:AttachRolePolicy', 'iam:DeleteRolePolicy', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'],
      resources: [`arn:aws:iam::${props.accountId}:role/${props.prefix}-ci-*`],
    },
  ];
}

function noLogs(props: CiRolesProps): Statement {
  return {
    sid: 'NoDatabaseLogs',
    effect: 'Deny',
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resources: props.dataBucketArns.map((arn) => `${arn}/*`),
  };
}
