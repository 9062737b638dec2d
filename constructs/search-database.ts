import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { DbInstance } from '@cdktf/provider-aws/lib/db-instance/index.js';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group/index.js';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group/index.js';
import { Construct } from 'constructs';
import { MonitoringRole } from './monitoring-role.ts';

export interface SearchDatabaseProps {
  readonly identifier: string;
  readonly accountId: string;
  /** `db.*`, a Graviton class. */
  readonly instanceClass: string;
  /** Size of the volume in GiB. */
  readonly storageGib: number;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly keyArn: string;
  /** Days that its log is kept. */
  readonly logDays: number;
  readonly protect: boolean;
}

/** This database is small, and nobody archives its logs: CloudWatch keeps them. */
const EXPORTED_LOGS = ['postgresql', 'upgrade'];

/** PostgreSQL for OpenObserve's cluster mode: its catalogue of streams and files. Two zones, password by Secrets Manager. */
export class SearchDatabase extends Construct {
  readonly identifier: string;
  readonly arn: string;
  readonly endpoint: string;
  readonly masterSecretArn: string;

  constructor(scope: Construct, id: string, props: SearchDatabaseProps) {
    super(scope, id);
    const subnets = new DbSubnetGroup(this, 'subnets', { name: props.identifier, subnetIds: [...props.subnetIds] });
    const parameters = new DbParameterGroup(this, 'parameters', {
      name: props.identifier,
      family: 'postgres17',
      description: 'TLS only, statements logged when they change the schema or are slow',
      parameter: [
        { name: 'rds.force_ssl', value: '1' },
        { name: 'log_statement', value: 'ddl' },
        { name: 'log_min_duration_statement', value: '1000' },
      ],
    });
    const database = new DbInstance(this, 'database', {
      identifier: props.identifier,
      engine: 'postgres',
      engineVersion: '17',
      instanceClass: props.instanceClass,
      allocatedStorage: props.storageGib,
      maxAllocatedStorage: props.storageGib * 5,
      storageType: 'gp3',
      storageEncrypted: true,
      kmsKeyId: props.keyArn,
      dbName: 'openobserve',
      username: 'openobserve',
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: props.keyArn,
      iamDatabaseAuthenticationEnabled: true,
      multiAz: true,
      publiclyAccessible: false,
      dbSubnetGroupName: subnets.name,
      parameterGroupName: parameters.name,
      vpcSecurityGroupIds: [props.securityGroupId],
      backupRetentionPeriod: 14,
      backupWindow: '02:00-03:00',
      maintenanceWindow: 'sun:03:30-sun:04:30',
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      deletionProtection: props.protect,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: `${props.identifier}-final`,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: props.keyArn,
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 60,
      monitoringRoleArn: new MonitoringRole(this, 'monitoring', {
        name: `${props.identifier}-monitoring`,
        accountId: props.accountId,
      }).arn,
      enabledCloudwatchLogsExports: EXPORTED_LOGS,
      lifecycle: { preventDestroy: props.protect },
      dependsOn: this.logGroups(props),
    });
    this.identifier = props.identifier;
    this.arn = database.arn;
    this.endpoint = database.address;
    this.masterSecretArn = database.masterUserSecret.get(0).secretArn;
  }

  /** Made before the database: RDS would make them without an end of retention. */
  private logGroups(props: SearchDatabaseProps): CloudwatchLogGroup[] {
    return EXPORTED_LOGS.map(
      (log) =>
        new CloudwatchLogGroup(this, `log-${log}`, {
          name: `/aws/rds/instance/${props.identifier}/${log}`,
          retentionInDays: props.logDays,
          kmsKeyId: props.keyArn,
        }),
    );
  }
}
