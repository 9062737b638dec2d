import { ConfigConfigRule } from '@cdktf/provider-aws/lib/config-config-rule/index.js';
import { ConfigConfigurationRecorder } from '@cdktf/provider-aws/lib/config-configuration-recorder/index.js';
import { ConfigConfigurationRecorderStatus } from '@cdktf/provider-aws/lib/config-configuration-recorder-status/index.js';
import { ConfigDeliveryChannel } from '@cdktf/provider-aws/lib/config-delivery-channel/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { policyDocument, serviceTrust } from './policy-document.ts';

export interface ConfigRecorderProps {
  readonly prefix: string;
  readonly accountId: string;
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Tags that every resource must carry. */
  readonly requiredTags: readonly string[];
}

/** AWS Config's own rules that watch what these stacks promise. */
const RULES: Readonly<Record<string, string>> = {
  'bucket-public-read': 'S3_BUCKET_PUBLIC_READ_PROHIBITED',
  'bucket-tls-only': 'S3_BUCKET_SSL_REQUESTS_ONLY',
  'bucket-encrypted': 'S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED',
  'table-recovery': 'DYNAMODB_PITR_ENABLED',
  'database-encrypted': 'RDS_STORAGE_ENCRYPTED',
  'volume-encrypted': 'ENCRYPTED_VOLUMES',
  'cluster-secrets-encrypted': 'EKS_SECRETS_ENCRYPTED',
  'trail-enabled': 'CLOUD_TRAIL_ENABLED',
  'metadata-v2': 'EC2_IMDSV2_CHECK',
  'default-group-closed': 'VPC_DEFAULT_SECURITY_GROUP_CLOSED',
  'key-rotation': 'CMK_BACKING_KEY_ROTATION_ENABLED',
};

/** AWS Config: records changes of all resources (nodes and their interfaces, which come and go, once a day) and judges them. */
export class ConfigRecorder extends Construct {
  constructor(scope: Construct, id: string, props: ConfigRecorderProps) {
    super(scope, id);
    const recorder = new ConfigConfigurationRecorder(this, 'recorder', {
      name: props.prefix,
      roleArn: this.role(props),
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      recordingMode: {
        recordingFrequency: 'CONTINUOUS',
        // Spot nodes come and go all day, and each item is charged.
        recordingModeOverride: {
          description: 'What nodes bring along',
          recordingFrequency: 'DAILY',
          resourceTypes: ['AWS::EC2::Instance', 'AWS::EC2::NetworkInterface', 'AWS::EC2::Volume'],
        },
      },
    });
    const channel = new ConfigDeliveryChannel(this, 'channel', {
      name: props.prefix,
      s3BucketName: props.bucketName,
      s3KeyPrefix: 'config',
      dependsOn: [recorder],
    });
    const running = new ConfigConfigurationRecorderStatus(this, 'running', {
      name: recorder.name,
      isEnabled: true,
      dependsOn: [channel],
    });
    for (const [name, sourceIdentifier] of Object.entries(RULES)) {
      new ConfigConfigRule(this, name, {
        name: `${props.prefix}-${name}`,
        source: { owner: 'AWS', sourceIdentifier },
        dependsOn: [running],
      });
    }
    new ConfigConfigRule(this, 'required-tags', {
      name: `${props.prefix}-required-tags`,
      source: { owner: 'AWS', sourceIdentifier: 'REQUIRED_TAGS' },
      inputParameters: JSON.stringify(
        Object.fromEntries(props.requiredTags.map((tag, index) => [`tag${index + 1}Key`, tag])),
      ),
      scope: {
        complianceResourceTypes: [
          'AWS::DynamoDB::Table',
          'AWS::EC2::Volume',
          'AWS::RDS::DBInstance',
          'AWS::S3::Bucket',
        ],
      },
      dependsOn: [running],
    });
  }

  private role(props: ConfigRecorderProps): string {
    const role = new IamRole(this, 'role', {
      name: `${props.prefix}-config`,
      assumeRolePolicy: serviceTrust('config.amazonaws.com', props.accountId),
    });
    new IamRolePolicyAttachment(this, 'read-resources', {
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AWS_ConfigRole',
    });
    new IamRolePolicy(this, 'deliver', {
      name: 'deliver',
      role: role.id,
      policy: policyDocument([
        {
          sid: 'Deliver',
          actions: ['s3:PutObject'],
          resources: [`${props.bucketArn}/config/AWSLogs/${props.accountId}/*`],
        },
        { sid: 'CheckBucket', actions: ['s3:GetBucketAcl', 's3:ListBucket'], resources: [props.bucketArn] },
      ]),
    });
    return role.arn;
  }
}
