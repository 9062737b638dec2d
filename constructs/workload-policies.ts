import type { Statement } from './policy-document.ts';

/** Which databases a role may read, in which accounts and regions. */
export interface Fleet {
  readonly accountId: string;
  readonly regions: readonly string[];
  /** Instance names (IAM patterns) that may be read, and those that may not. */
  readonly instances: readonly string[];
  readonly except: readonly string[];
  /** Accounts read through their fleet reader role. */
  readonly otherAccounts: readonly string[];
  readonly readerRole: string;
  /** The VPC, where all calls to RDS pass its endpoint. */
  readonly onlyFromVpc?: string;
}

/** A table or bucket with the key that encrypts it. */
export interface Encrypted {
  readonly arn: string;
  readonly keyArn: string;
}

export interface Tables {
  readonly metadata: string;
  readonly tracking: string;
  readonly jobs: string;
  readonly keyArn: string;
}

const LOG_READS = ['rds:DescribeDBLogFiles', 'rds:DownloadCompleteDBLogFile', 'rds:DownloadDBLogFilePortion'];

/** Finds clusters, instances and parameters, and lists log files; downloads nothing. */
export function findLogs(fleet: Fleet): Statement[] {
  const in_ = (type: string) => fleet.regions.map((region) => `arn:aws:rds:${region}:${fleet.accountId}:${type}:*`);
  return [
    {
      sid: 'FindInstances',
      // RDS filters listings by nothing but the account: a narrower resource would refuse the whole list.
      actions: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
      resources: [...in_('db'), ...in_('cluster')],
      ...fromVpc(fleet),
    },
    {
      sid: 'ReadLogSettings',
      actions: ['rds:DescribeDBClusterParameters', 'rds:DescribeDBParameters'],
      resources: [...in_('pg'), ...in_('cluster-pg')],
      ...fromVpc(fleet),
    },
    {
      sid: 'ListLogs',
      actions: ['rds:DescribeDBLogFiles'],
      resources: instances(fleet, fleet.instances),
      ...fromVpc(fleet),
    },
    ...exceptions(fleet),
    ...otherAccounts(fleet),
  ];
}

/** Lists and downloads log files. */
export function readLogs(fleet: Fleet): Statement[] {
  return [
    { sid: 'ReadLogs', actions: LOG_READS, resources: instances(fleet, fleet.instances), ...fromVpc(fleet) },
    ...exceptions(fleet),
    ...otherAccounts(fleet),
  ];
}

/** Writes what discovery knows of instances; reads how far their files are. */
export function keepMetadata(tables: Tables): Statement[] {
  return [
    {
      sid: 'KeepMetadata',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
      resources: [tables.metadata],
    },
    { sid: 'ReadPositions', actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [tables.tracking] },
    ...useKey('TableKey', tables.keyArn, 'dynamodb'),
  ];
}

/** Keeps positions and job states; reads instance metadata. */
export function keepPositions(tables: Tables): Statement[] {
  return [
    {
      sid: 'KeepPositions',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      resources: [tables.tracking, tables.jobs, `${tables.jobs}/index/*`],
    },
    { sid: 'ReadMetadata', actions: ['dynamodb:GetItem'], resources: [tables.metadata] },
    ...useKey('TableKey', tables.keyArn, 'dynamodb'),
  ];
}

/** Walks over all positions, and removes those of files that are past their retention. */
export function sweepPositions(tables: Tables): Statement[] {
  return [
    { sid: 'SweepPositions', actions: ['dynamodb:DeleteItem', 'dynamodb:Scan'], resources: [tables.tracking] },
    { sid: 'ListMetadata', actions: ['dynamodb:Scan'], resources: [tables.metadata] },
  ];
}

/** Reads the raw archive, from inside the VPC alone. */
export function readArchive(archive: Encrypted, vpcId: string): Statement[] {
  const conditions = { StringEquals: { 'aws:SourceVpc': vpcId } };
  return [
    { sid: 'ReadArchive', actions: ['s3:GetObject'], resources: [`${archive.arn}/v1/*`], conditions },
    // Without the right to list, S3 answers a missing object with 403.
    { sid: 'ListArchive', actions: ['s3:ListBucket'], resources: [archive.arn], conditions },
    ...useKey('ArchiveKey', archive.keyArn, 's3'),
  ];
}

/** Adds to the raw archive, never replacing an object, from inside the VPC alone. */
export function writeArchive(archive: Encrypted, vpcId: string): Statement[] {
  return [
    {
      sid: 'AddToArchive',
      actions: ['s3:PutObject'],
      resources: [`${archive.arn}/v1/*`],
      conditions: { StringEquals: { 'aws:SourceVpc': vpcId }, Null: { 's3:if-none-match': 'false' } },
    },
  ];
}

/** OpenObserve's own bucket. */
export function ownBucket(bucket: Encrypted, vpcId: string): Statement[] {
  const conditions = { StringEquals: { 'aws:SourceVpc': vpcId } };
  return [
    {
      sid: 'OwnObjects',
      actions: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      resources: [`${bucket.arn}/*`],
      conditions,
    },
    { sid: 'OwnBucket', actions: ['s3:GetBucketLocation', 's3:ListBucket'], resources: [bucket.arn], conditions },
    ...useKey('OwnKey', bucket.keyArn, 's3'),
  ];
}

/** Reads the environment's secrets, and those that RDS keeps for its databases. */
export function readSecrets(options: {
  readonly region: string;
  readonly accountId: string;
  readonly path: string;
  readonly arns: readonly string[];
  readonly keyArn: string;
}): Statement[] {
  return [
    {
      sid: 'ReadSecrets',
      actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      resources: [
        `arn:aws:secretsmanager:${options.region}:${options.accountId}:secret:${options.path}/*`,
        ...options.arns,
      ],
    },
    ...useKey('SecretKey', options.keyArn, 'secretsmanager'),
  ];
}

/** Signs in to the source as the canary's user, by IAM. */
export function connectAsCanary(region: string, accountId: string, clusterResourceId: string): Statement[] {
  return [
    {
      sid: 'WriteMarkers',
      actions: ['rds-db:connect'],
      resources: [`arn:aws:rds-db:${region}:${accountId}:dbuser:${clusterResourceId}/canary`],
    },
  ];
}

/** Registers pods behind the load balancer that Terraform made. */
export function bindTargets(region: string, accountId: string, prefix: string, vpcId: string): Statement[] {
  return [
    {
      sid: 'RegisterPods',
      actions: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
      resources: [`arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${prefix}-search/*`],
    },
    {
      sid: 'ReadNetwork',
      // Descriptions of EC2 and load balancers take no resource.
      actions: [
        'ec2:DescribeInstances',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
      ],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:RequestedRegion': region }, StringEqualsIfExists: { 'aws:SourceVpc': vpcId } },
    },
  ];
}

function useKey(sid: string, keyArn: string, service: string): Statement[] {
  return [
    {
      sid,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [keyArn],
      conditions: { StringLike: { 'kms:ViaService': `${service}.*.amazonaws.com` } },
    },
  ];
}

function instances(fleet: Fleet, names: readonly string[]): string[] {
  return fleet.regions.flatMap((region) => names.map((name) => `arn:aws:rds:${region}:${fleet.accountId}:db:${name}`));
}

function exceptions(fleet: Fleet): Statement[] {
  if (fleet.except.length === 0) return [];
  return [{ sid: 'NotTheseInstances', effect: 'Deny', actions: LOG_READS, resources: instances(fleet, fleet.except) }];
}

function otherAccounts(fleet: Fleet): Statement[] {
  if (fleet.otherAccounts.length === 0) return [];
  return [
    {
      sid: 'ReadOtherAccounts',
      actions: ['sts:AssumeRole'],
      resources: fleet.otherAccounts.map((account) => `arn:aws:iam::${account}:role/${fleet.readerRole}`),
    },
  ];
}

function fromVpc(fleet: Fleet): { conditions?: NonNullable<Statement['conditions']> } {
  return fleet.onlyFromVpc === undefined
    ? {}
    : { conditions: { StringEquals: { 'aws:SourceVpc': fleet.onlyFromVpc } } };
}
