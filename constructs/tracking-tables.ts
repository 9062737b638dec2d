import { DynamodbTable, type DynamodbTableConfig } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { Construct } from 'constructs';

export interface TrackingTablesProps {
  /** Name of the table of instance metadata. */
  readonly metadataTable: string;
  /** Name of the table of positions. */
  readonly trackingTable: string;
  /** Name of the table of job states. */
  readonly jobsTable: string;
  /** Only where DAX caches the answers of the RDS API. */
  readonly cacheTable?: string;
  readonly keyArn: string;
  /** Deletion protection, and Terraform refuses to destroy the tables. */
  readonly protect: boolean;
}

/** The ceiling of what a runaway client can cost: about 12 times what 10,000 instances need. */
const MAX_WRITE_UNITS = 4000;
const MAX_READ_UNITS = 12_000;

type Keys = Pick<DynamodbTableConfig, 'hashKey' | 'rangeKey' | 'attribute' | 'globalSecondaryIndex' | 'ttl'>;

const EXPIRES = { ttl: { enabled: true, attributeName: 'expires_at' } } as const;

/** The DynamoDB tables: what is known of instances, how far each log file is archived, and one row per slice of work. */
export class TrackingTables extends Construct {
  readonly metadataArn: string;
  readonly trackingArn: string;
  readonly jobsArn: string;
  /** Absent where there is no cache table. */
  readonly cacheArn: string | undefined;
  /** Every table of the environment, for alarms and backups. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: TrackingTablesProps) {
    super(scope, id);
    const table = (name: string, keys: Keys, construct: string) => this.table(props, name, keys, construct);
    this.metadataArn = table(
      props.metadataTable,
      { hashKey: 'resource_id', attribute: [{ name: 'resource_id', type: 'S' }], ...EXPIRES },
      'instance-metadata',
    ).arn;
    // Rows leave with the raw bytes of their file, which the reconciler decides: losing one early would archive twice.
    this.trackingArn = table(
      props.trackingTable,
      {
        hashKey: 'resource_kind',
        rangeKey: 'item',
        attribute: [
          { name: 'resource_kind', type: 'S' },
          { name: 'item', type: 'S' },
        ],
      },
      'tracking',
    ).arn;
    this.jobsArn = table(
      props.jobsTable,
      {
        hashKey: 'job_id',
        attribute: [
          { name: 'job_id', type: 'S' },
          { name: 'day', type: 'S' },
          { name: 'finished_at', type: 'N' },
        ],
        globalSecondaryIndex: [{ name: 'by-day', hashKey: 'day', rangeKey: 'finished_at', projectionType: 'ALL' }],
        ...EXPIRES,
      },
      'jobs',
    ).arn;
    this.cacheArn =
      props.cacheTable === undefined
        ? undefined
        : table(
            props.cacheTable,
            { hashKey: 'request', attribute: [{ name: 'request', type: 'S' }], ...EXPIRES },
            'api-cache',
          ).arn;
    this.names = [
      props.metadataTable,
      props.trackingTable,
      props.jobsTable,
      ...(props.cacheTable ? [props.cacheTable] : []),
    ];
  }

  private table(props: TrackingTablesProps, name: string, keys: Keys, id: string): DynamodbTable {
    return new DynamodbTable(this, id, {
      name,
      ...keys,
      billingMode: 'PAY_PER_REQUEST',
      onDemandThroughput: { maxReadRequestUnits: MAX_READ_UNITS, maxWriteRequestUnits: MAX_WRITE_UNITS },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: props.keyArn },
      deletionProtectionEnabled: props.protect,
      lifecycle: { preventDestroy: props.protect },
    });
  }
}
