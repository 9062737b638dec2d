import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group/index.js';
import { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster/index.js';
import { RdsClusterInstance } from '@cdktf/provider-aws/lib/rds-cluster-instance/index.js';
import { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group/index.js';
import { Construct } from 'constructs';
import { MonitoringRole } from './monitoring-role.ts';

export interface SourceClusterProps {
  readonly identifier: string;
  readonly accountId: string;
  /** Version of Aurora MySQL, as RDS spells it. */
  readonly engineVersion: string;
  /** 0 lets the cluster pause. */
  readonly minAcu: number;
  /** The most Aurora capacity units. */
  readonly maxAcu: number;
  /** Seconds without a connection before it pauses. */
  readonly pauseAfterSeconds: number;
  /** Statements slower than this many seconds are logged. */
  readonly slowQuerySeconds: number;
  /** Logs every statement: heavy. */
  readonly generalLog: boolean;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly keyArn: string;
  readonly protect: boolean;
}

/**
 * An Aurora MySQL cluster (Serverless v2) that writes every log the product reads: slow, general, error and audit, as files
 * (a table would hide them from the RDS API). Its password is made, kept and rotated by Secrets Manager.
 */
export class SourceCluster extends Construct {
  readonly identifier: string;
  /** For `rds-db:connect`. */
  readonly resourceId: string;
  readonly arn: string;
  /** Its one instance, for alarms. */
  readonly instanceIdentifier: string;
  readonly masterSecretArn: string;
  readonly endpoint: string;

  constructor(scope: Construct, id: string, props: SourceClusterProps) {
    super(scope, id);
    const subnets = new DbSubnetGroup(this, 'subnets', { name: props.identifier, subnetIds: [...props.subnetIds] });
    const parameters = new RdsClusterParameterGroup(this, 'parameters', {
      name: props.identifier,
      family: 'aurora-mysql8.0',
      description: 'Writes every log as a file',
      parameter: logParameters(props),
    });
    const cluster = new RdsCluster(this, 'cluster', {
      clusterIdentifier: props.identifier,
      engine: 'aurora-mysql',
      engineMode: 'provisioned',
      engineVersion: props.engineVersion,
      databaseName: 'orders',
      masterUsername: 'administrator',
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: props.keyArn,
      iamDatabaseAuthenticationEnabled: true,
      storageEncrypted: true,
      kmsKeyId: props.keyArn,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [props.securityGroupId],
      dbClusterParameterGroupName: parameters.name,
      backupRetentionPeriod: 7,
      preferredBackupWindow: '02:00-03:00',
      preferredMaintenanceWindow: 'sun:03:30-sun:04:30',
      // A demonstration can be rewound.
      backtrackWindow: 86_400,
      copyTagsToSnapshot: true,
      deletionProtection: props.protect,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: `${props.identifier}-final`,
      applyImmediately: true,
      serverlessv2ScalingConfiguration: {
        minCapacity: props.minAcu,
        maxCapacity: props.maxAcu,
        ...(props.minAcu === 0 ? { secondsUntilAutoPause: props.pauseAfterSeconds } : {}),
      },
      lifecycle: { preventDestroy: props.protect },
    });
    this.instanceIdentifier = `${props.identifier}-1`;
    new RdsClusterInstance(this, 'instance', {
      identifier: this.instanceIdentifier,
      clusterIdentifier: cluster.clusterIdentifier,
      engine: 'aurora-mysql',
      engineVersion: props.engineVersion,
      instanceClass: 'db.serverless',
      autoMinorVersionUpgrade: true,
      publiclyAccessible: false,
      copyTagsToSnapshot: true,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: props.keyArn,
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 60,
      monitoringRoleArn: new MonitoringRole(this, 'monitoring', {
        name: `${props.identifier}-monitoring`,
        accountId: props.accountId,
      }).arn,
    });
    this.identifier = props.identifier;
    this.resourceId = cluster.clusterResourceId;
    this.arn = cluster.arn;
    this.masterSecretArn = cluster.masterUserSecret.get(0).secretArn;
    this.endpoint = cluster.endpoint;
  }
}

function logParameters(props: SourceClusterProps) {
  const parameters: Record<string, string> = {
    slow_query_log: '1',
    long_query_time: String(props.slowQuerySeconds),
    log_output: 'FILE',
    general_log: props.generalLog ? '1' : '0',
    log_queries_not_using_indexes: '0',
    server_audit_logging: '1',
    server_audit_events: 'CONNECT,QUERY,QUERY_DCL,QUERY_DDL,QUERY_DML,TABLE',
    server_audit_excl_users: 'rdsadmin',
    require_secure_transport: 'ON',
  };
  return Object.entries(parameters).map(([name, value]) => ({ name, value, applyMethod: 'immediate' }));
}
