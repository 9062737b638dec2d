import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { AlarmTopic } from '../constructs/alarm-topic.ts';
import { AuditBucket } from '../constructs/audit-bucket.ts';
import { LogArchive } from '../constructs/log-archive.ts';
import { SecureBucket } from '../constructs/secure-bucket.ts';
import { TrackingTables } from '../constructs/tracking-tables.ts';
import type { Environment } from './environments.ts';
import type { EnvironmentNames } from './names.ts';
import { awsProvider } from './providers.ts';

export interface StorageProps {
  readonly environment: Environment;
  readonly names: EnvironmentNames;
  readonly keyArn: string;
  readonly deletionAlarm: AlarmTopic;
  readonly tags: Record<string, string>;
}

/** Everything that outlives nodes: buckets and tables. */
export class Storage extends Construct {
  readonly audit: AuditBucket;
  readonly archive: LogArchive;
  readonly search: SecureBucket;
  readonly tables: TrackingTables;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { environment, names } = props;
    const { accountId, region, retention } = environment;
    const { deletionAlarm } = props;
    const protect = environment.protected;
    this.audit = new AuditBucket(this, 'audit', {
      deletionAlarm,
      name: names.auditBucket,
      accountId,
      retentionDays: retention.auditDays,
      protect,
    });
    this.archive = new LogArchive(this, 'archive', {
      deletionAlarm,
      prefix: names.prefix,
      bucketName: names.archiveBucket,
      accountId,
      region,
      retentionDays: retention.rawDays,
      ...(environment.coldAfterDays === null ? {} : { coldAfterDays: environment.coldAfterDays }),
      oldVersionDays: environment.oldVersionDays,
      protect,
      accessLog: this.audit,
      ...(environment.replicateArchive ? { replica: this.replica(props) } : {}),
    });
    this.search = new SecureBucket(this, 'search', {
      deletionAlarm,
      name: names.searchBucket,
      keyArn: props.keyArn,
      // OpenObserve deletes by its own retention; this removes what it forgot.
      expireDays: retention.searchDays + 30,
      oldVersionDays: 7,
      protect,
      accessLog: this.audit,
    });
    this.tables = new TrackingTables(this, 'tables', {
      metadataTable: names.metadataTable,
      trackingTable: names.trackingTable,
      jobsTable: names.jobsTable,
      ...(environment.cache.kind === 'dax' ? { cacheTable: names.cacheTable } : {}),
      keyArn: props.keyArn,
      protect,
    });
  }

  private replica(props: StorageProps) {
    const { environment, names } = props;
    const provider = awsProvider(TerraformStack.of(this), {
      accountId: environment.accountId,
      region: environment.replicaRegion,
      tags: props.tags,
      alias: 'replica',
    });
    return { bucketName: names.replicaBucket, provider, alertEmail: environment.alertEmail };
  }
}
