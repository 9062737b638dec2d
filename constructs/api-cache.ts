import { DaxCluster } from '@cdktf/provider-aws/lib/dax-cluster/index.js';
import { DaxParameterGroup } from '@cdktf/provider-aws/lib/dax-parameter-group/index.js';
import { DaxSubnetGroup } from '@cdktf/provider-aws/lib/dax-subnet-group/index.js';
import { ElasticacheParameterGroup } from '@cdktf/provider-aws/lib/elasticache-parameter-group/index.js';
import { ElasticacheReplicationGroup } from '@cdktf/provider-aws/lib/elasticache-replication-group/index.js';
import { ElasticacheSubnetGroup } from '@cdktf/provider-aws/lib/elasticache-subnet-group/index.js';
import { ElasticacheUser } from '@cdktf/provider-aws/lib/elasticache-user/index.js';
import { ElasticacheUserGroup } from '@cdktf/provider-aws/lib/elasticache-user-group/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Construct } from 'constructs';
import { policyDocument, type Statement, serviceTrust } from './policy-document.ts';

export interface ApiCacheProps {
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly keyArn: string;
  /** What the cache is; an environment without one makes no ApiCache. */
  readonly kind: 'valkey' | 'dax';
  /** `cache.*` for Valkey, `dax.*` for DAX. */
  readonly nodeType: string;
  /** With more than one node, the cache fails over to another zone. */
  readonly nodes: number;
  /** The table behind DAX. */
  readonly tableArn?: string;
}

/** What discovery may do with items of a table, through DAX and in it. */
const ITEM_ACTIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
];

/**
 * The cache of RDS API answers: Valkey with TLS, where clients sign in with their IAM role (there is no password to leak or
 * rotate), or DAX before a table. Holds nothing that cannot be asked again, so it keeps no backup.
 */
export class ApiCache extends Construct {
  /** What the role of the cache's client must be allowed. */
  readonly clientStatements: readonly Statement[];
  /** Address without scheme, and port. */
  readonly endpoint: string;
  /** Metric dimensions of its nodes. */
  readonly nodeIds: readonly string[];

  constructor(scope: Construct, id: string, props: ApiCacheProps) {
    super(scope, id);
    const made = props.kind === 'valkey' ? this.valkey(props) : this.dax(props);
    this.clientStatements = made.clientStatements;
    this.endpoint = made.endpoint;
    this.nodeIds =
      props.kind === 'valkey'
        ? Array.from({ length: props.nodes }, (_, index) => `${props.prefix}-${String(index + 1).padStart(3, '0')}`)
        : [];
  }

  private valkey(props: ApiCacheProps) {
    const user = new ElasticacheUser(this, 'discovery', {
      userId: `${props.prefix}-discovery`,
      userName: `${props.prefix}-discovery`,
      engine: 'valkey',
      accessString: 'on ~aurora-logs:* resetchannels -@all +@connection +get +mget +set +del +pexpire +info',
      authenticationMode: { type: 'iam' },
    });
    // A user group must hold a user named default; this one can do nothing.
    const nobody = new ElasticacheUser(this, 'default', {
      userId: `${props.prefix}-default`,
      userName: 'default',
      engine: 'valkey',
      accessString: 'off resetkeys resetchannels -@all',
      authenticationMode: { type: 'no-password-required' },
    });
    const users = new ElasticacheUserGroup(this, 'users', {
      userGroupId: props.prefix,
      engine: 'valkey',
      userIds: [nobody.userId, user.userId],
    });
    const subnets = new ElasticacheSubnetGroup(this, 'subnets', {
      name: props.prefix,
      subnetIds: [...props.subnetIds],
    });
    const parameters = new ElasticacheParameterGroup(this, 'parameters', {
      name: `${props.prefix}-valkey8`,
      family: 'valkey8',
      parameter: [{ name: 'maxmemory-policy', value: 'allkeys-lru' }],
    });
    const group = new ElasticacheReplicationGroup(this, 'cache', {
      replicationGroupId: props.prefix,
      description: 'Answers of the RDS API',
      engine: 'valkey',
      engineVersion: '8.0',
      nodeType: props.nodeType,
      numCacheClusters: props.nodes,
      automaticFailoverEnabled: props.nodes > 1,
      multiAzEnabled: props.nodes > 1,
      parameterGroupName: parameters.name,
      subnetGroupName: subnets.name,
      securityGroupIds: [props.securityGroupId],
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: 'true',
      kmsKeyId: props.keyArn,
      userGroupIds: [users.userGroupId],
      autoMinorVersionUpgrade: 'true',
      applyImmediately: true,
    });
    const arn = (kind: string, name: string) =>
      `arn:aws:elasticache:${props.region}:${props.accountId}:${kind}:${name}`;
    return {
      endpoint: group.primaryEndpointAddress,
      clientStatements: [
        {
          sid: 'SignInToCache',
          actions: ['elasticache:Connect'],
          resources: [arn('replicationgroup', props.prefix), arn('user', `${props.prefix}-discovery`)],
        },
      ],
    };
  }

  private dax(props: ApiCacheProps) {
    if (props.tableArn === undefined) throw new Error('DAX needs the table that it stands before.');
    const role = new IamRole(this, 'role', {
      name: `${props.prefix}-dax`,
      assumeRolePolicy: serviceTrust('dax.amazonaws.com', props.accountId),
    });
    new IamRolePolicy(this, 'policy', {
      name: 'table',
      role: role.id,
      policy: policyDocument([
        {
          sid: 'Table',
          actions: [...ITEM_ACTIONS, 'DescribeTable'].map((action) => `dynamodb:${action}`),
          resources: [props.tableArn],
        },
        { sid: 'Key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.keyArn] },
      ]),
    });
    const subnets = new DaxSubnetGroup(this, 'dax-subnets', { name: props.prefix, subnetIds: [...props.subnetIds] });
    const parameters = new DaxParameterGroup(this, 'dax-parameters', {
      name: props.prefix,
      // DAX ignores the expiry of items: it forgets by its own clock, here that of the shortest answer.
      parameters: [
        { name: 'query-ttl-millis', value: '60000' },
        { name: 'record-ttl-millis', value: '60000' },
      ],
    });
    const cluster = new DaxCluster(this, 'dax', {
      clusterName: props.prefix,
      iamRoleArn: role.arn,
      nodeType: props.nodeType,
      replicationFactor: props.nodes,
      clusterEndpointEncryptionType: 'TLS',
      serverSideEncryption: { enabled: true },
      subnetGroupName: subnets.name,
      parameterGroupName: parameters.name,
      securityGroupIds: [props.securityGroupId],
    });
    return {
      endpoint: cluster.clusterAddress,
      clientStatements: [
        {
          sid: 'UseDax',
          actions: ITEM_ACTIONS.map((action) => `dax:${action}`),
          resources: [`arn:aws:dax:${props.region}:${props.accountId}:cache/${props.prefix}`],
        },
      ],
    };
  }
}
