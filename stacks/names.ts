/** The one place for the names on which stacks, charts and apps meet. Pure: the same input gives the same names. */

export const PREFIX = 'aurora-logs';

export const NAMESPACES = {
  apps: 'aurora-logs',
  kafka: 'aurora-logs-kafka',
  search: 'aurora-logs-search',
  monitoring: 'aurora-logs-monitoring',
} as const;

/** Image repositories, shared by all environments so that an image is promoted by its digest. */
export const IMAGE_REPOSITORIES = ['aurora-logs/discovery', 'aurora-logs/processor', 'aurora-logs/operator'] as const;

/** The role that accounts of the fleet offer; its name is the same everywhere, so that one ARN pattern names them all. */
export const FLEET_READER_ROLE = 'aurora-logs-fleet-reader';

/** Names of what `bootstrap` makes once per account. */
export function accountNames(accountId: string) {
  return {
    stateBucket: `${PREFIX}-state-${accountId}`,
    lockTable: `${PREFIX}-state-lock`,
    auditBucket: `${PREFIX}-audit-${accountId}`,
    trail: `${PREFIX}-trail`,
  } as const;
}

/** Names of what one environment owns. All of them carry the environment, so two environments share an account. */
export function environmentNames(environment: string, accountId: string) {
  const prefix = `${PREFIX}-${environment}`;
  return {
    prefix,
    cluster: prefix,
    archiveBucket: `${prefix}-archive-${accountId}`,
    replicaBucket: `${prefix}-archive-replica-${accountId}`,
    searchBucket: `${prefix}-search-${accountId}`,
    auditBucket: `${prefix}-audit-${accountId}`,
    metadataTable: `${prefix}-instance-metadata`,
    trackingTable: `${prefix}-tracking`,
    jobsTable: `${prefix}-jobs`,
    cacheTable: `${prefix}-api-cache`,
    sourceCluster: `${prefix}-source`,
    /** Secrets of the environment live under this path. */
    secretPath: `${PREFIX}/${environment}`,
  } as const;
}

export type EnvironmentNames = ReturnType<typeof environmentNames>;
