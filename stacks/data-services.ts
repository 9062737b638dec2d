import { Construct } from 'constructs';
import { ApiCache } from '../constructs/api-cache.ts';
import type { Network } from '../constructs/network.ts';
import { SearchDatabase } from '../constructs/search-database.ts';
import { SourceCluster } from '../constructs/source-cluster.ts';
import type { Environment } from './environments.ts';
import type { EnvironmentNames } from './names.ts';

export interface DataServicesProps {
  readonly environment: Environment;
  readonly names: EnvironmentNames;
  readonly network: Network;
  readonly keyArn: string;
  /** The table behind DAX. */
  readonly cacheTableArn?: string;
}

/** The managed services inside the VPC that the environment's description asks for. */
export class DataServices extends Construct {
  readonly cache: ApiCache | undefined;
  readonly source: SourceCluster | undefined;
  readonly searchDatabase: SearchDatabase | undefined;

  constructor(scope: Construct, id: string, props: DataServicesProps) {
    super(scope, id);
    this.cache = this.apiCache(props);
    const { environment, names, network } = props;
    const database = {
      accountId: environment.accountId,
      subnetIds: network.databaseSubnetIds,
      securityGroupId: network.firewall.databaseId,
      keyArn: props.keyArn,
      protect: environment.protected,
    };
    this.source =
      environment.source &&
      new SourceCluster(this, 'source', { ...environment.source, ...database, identifier: names.sourceCluster });
    this.searchDatabase =
      environment.search.mode === 'single'
        ? undefined
        : new SearchDatabase(this, 'search', {
            ...database,
            identifier: `${names.prefix}-search`,
            instanceClass: environment.search.databaseClass,
            storageGib: environment.search.databaseGib,
            logDays: environment.retention.serviceLogDays,
          });
  }

  private apiCache(props: DataServicesProps): ApiCache | undefined {
    const { environment, names, network } = props;
    if (environment.cache.kind === 'none') return undefined;
    return new ApiCache(this, 'cache', {
      ...environment.cache,
      prefix: names.prefix,
      accountId: environment.accountId,
      region: environment.region,
      subnetIds: network.databaseSubnetIds,
      securityGroupId: network.firewall.cacheId,
      keyArn: props.keyArn,
      ...(props.cacheTableArn === undefined ? {} : { tableArn: props.cacheTableArn }),
    });
  }
}
