import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsIamSessionContext } from '@cdktf/provider-aws/lib/data-aws-iam-session-context/index.js';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { Alarms } from '../constructs/alarms.ts';
import { ApiCache } from '../constructs/api-cache.ts';
import { Backups } from '../constructs/backups.ts';
import { Budget } from '../constructs/budget.ts';
import { Edge } from '../constructs/edge.ts';
import { EncryptionKey } from '../constructs/encryption-key.ts';
import { Network } from '../constructs/network.ts';
import { type ChartSettings, Releases } from '../constructs/releases.ts';
import { ScaleDown } from '../constructs/scale-down.ts';
import { SearchDatabase } from '../constructs/search-database.ts';
import { SourceCluster } from '../constructs/source-cluster.ts';
import type { Environment } from './environments.ts';
import { KubernetesPlatform, NODE_GROUP } from './kubernetes-platform.ts';
import { type EnvironmentNames, environmentNames, NAMESPACES } from './names.ts';
import { addOutputs } from './outputs.ts';
import { awsProvider, clusterProviders, requireTerraform, resourceTags, stateInS3 } from './providers.ts';
import { Storage } from './storage.ts';
import { Workloads } from './workloads.ts';

const SEARCH_PORT = 5080;
const SEARCH_NODE_PORT = 30_080;

export interface EnvironmentStackProps {
  readonly environment: Environment;
  /** Charts to install, in order. */
  readonly charts: readonly ChartSettings[];
  readonly chartsFolder: string;
}

/** One environment, whole: from the network to what runs in the cluster. Shares nothing with another one but `bootstrap`. */
export class EnvironmentStack extends TerraformStack {
  private readonly environment: Environment;
  private readonly names: EnvironmentNames;
  private readonly tags: Record<string, string>;
  private readonly keyArn: string;
  private readonly topicArn: string;

  constructor(scope: Construct, props: EnvironmentStackProps) {
    const { environment } = props;
    super(scope, environment.name);
    this.environment = environment;
    this.names = environmentNames(environment.name, environment.accountId);
    this.tags = resourceTags({ ...environment, environment: environment.name });
    awsProvider(this, { accountId: environment.accountId, region: environment.region, tags: this.tags });
    stateInS3(this, environment);
    requireTerraform(this);

    this.keyArn = this.key();
    this.topicArn = this.topic();
    const storage = new Storage(this, 'storage', {
      environment,
      names: this.names,
      keyArn: this.keyArn,
      tags: this.tags,
    });
    const network = new Network(this, 'network', {
      prefix: this.names.prefix,
      accountId: environment.accountId,
      region: environment.region,
      cidr: environment.vpcCidr,
      zones: environment.zones,
      egress: environment.egress,
      clusterName: this.names.cluster,
      auditBucketArn: storage.audit.arn,
    });
    const cache = this.cache(network, storage);
    const source = this.source(network);
    const database = this.searchDatabase(network);
    const platform = new KubernetesPlatform(this, 'platform', {
      environment,
      clusterName: this.names.cluster,
      network,
      keyArn: this.keyArn,
      deployerArn: this.deployerArn(),
      tags: this.tags,
    });
    clusterProviders(this, { ...connectionOf(platform), region: environment.region });
    const edge = this.edge(network, storage);
    const workloads = new Workloads(this, 'workloads', {
      environment,
      names: this.names,
      clusterArn: platform.cluster.arn,
      vpcId: network.vpcId,
      tables: {
        metadata: storage.tables.metadataArn,
        tracking: storage.tables.trackingArn,
        jobs: storage.tables.jobsArn,
        keyArn: this.keyArn,
      },
      archive: { arn: storage.archive.bucketArn, keyArn: storage.archive.keyArn },
      searchBucket: { arn: storage.search.arn, keyArn: this.keyArn },
      keyArn: this.keyArn,
      cacheStatements: cache?.clientStatements ?? [],
      databaseSecretArns: [source?.masterSecretArn, database?.masterSecretArn].filter((arn) => arn !== undefined),
      ...(source ? { sourceResourceId: source.resourceId } : {}),
      hasEdge: edge !== undefined,
    });
    new Releases(this, 'releases', {
      namespaces: {
        [NAMESPACES.apps]: 'restricted',
        [NAMESPACES.kafka]: 'restricted',
        [NAMESPACES.search]: 'restricted',
        // The log collector reads the nodes' log folder, which no stricter level allows.
        [NAMESPACES.monitoring]: 'privileged',
      },
      charts: props.charts,
      chartsFolder: props.chartsFolder,
      volumeTags: this.tags,
      dependsOn: [...platform.ready, ...workloads.ready],
    });
    this.watchOver(storage, platform, cache, source, database);
    this.outputs(storage, platform, cache, source, edge);
  }

  private key(): string {
    const { accountId, region } = this.environment;
    return new EncryptionKey(this, 'key', {
      alias: this.names.prefix,
      description: `Everything of ${this.names.prefix} but its raw logs`,
      accountId,
      protect: this.environment.protected,
      services: [
        `logs.${region}.amazonaws.com`,
        'budgets.amazonaws.com',
        'cloudwatch.amazonaws.com',
        'events.amazonaws.com',
      ],
    }).arn;
  }

  private topic(): string {
    const { accountId, alertEmail, pagerUrl } = this.environment;
    return new AlarmTopic(this, 'alarm-topic', {
      name: `${this.names.prefix}-alarms`,
      accountId,
      keyArn: this.keyArn,
      email: alertEmail,
      ...(pagerUrl === undefined ? {} : { pagerUrl }),
    }).arn;
  }

  private cache(network: Network, storage: Storage): ApiCache | undefined {
    const { cache, accountId, region } = this.environment;
    if (cache.kind === 'none') return undefined;
    const tableArn = storage.tables.cacheArn;
    return new ApiCache(this, 'api-cache', {
      ...cache,
      prefix: this.names.prefix,
      accountId,
      region,
      subnetIds: network.databaseSubnetIds,
      securityGroupId: network.firewall.cacheId,
      keyArn: this.keyArn,
      ...(tableArn === undefined ? {} : { tableArn }),
    });
  }

  private source(network: Network): SourceCluster | undefined {
    const { source, accountId } = this.environment;
    if (source === undefined) return undefined;
    return new SourceCluster(this, 'source', {
      ...source,
      identifier: this.names.sourceCluster,
      accountId,
      subnetIds: network.databaseSubnetIds,
      securityGroupId: network.firewall.databaseId,
      keyArn: this.keyArn,
      protect: this.environment.protected,
    });
  }

  private searchDatabase(network: Network): SearchDatabase | undefined {
    const { search, accountId } = this.environment;
    if (search.mode === 'single') return undefined;
    return new SearchDatabase(this, 'search-database', {
      identifier: `${this.names.prefix}-search`,
      accountId,
      instanceClass: search.databaseClass,
      storageGib: search.databaseGib,
      subnetIds: network.databaseSubnetIds,
      securityGroupId: network.firewall.databaseId,
      keyArn: this.keyArn,
      protect: this.environment.protected,
    });
  }

  /** The role behind the session that deploys: a session cannot be an administrator, its role can. */
  private deployerArn(): string {
    const caller = new DataAwsCallerIdentity(this, 'caller', {});
    return new DataAwsIamSessionContext(this, 'deployer', { arn: caller.arn }).issuerArn;
  }

  private edge(network: Network, storage: Storage): Edge | undefined {
    const { environment } = this;
    const { hostname, hostedZoneId, searchCidrs } = environment;
    if (environment.edge === 'node-port') {
      network.firewall.openNodePort('search-page', SEARCH_NODE_PORT, searchCidrs);
      return undefined;
    }
    if (hostname === undefined || hostedZoneId === undefined) return undefined;
    return new Edge(this, 'edge', {
      prefix: this.names.prefix,
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      securityGroupId: network.firewall.openEdge(searchCidrs, SEARCH_PORT),
      hostname,
      hostedZoneId,
      targetPort: SEARCH_PORT,
      auditBucket: storage.audit.name,
      keyArn: this.keyArn,
      logDays: environment.retention.serviceLogDays,
      protect: environment.protected,
    });
  }

  private watchOver(
    storage: Storage,
    platform: KubernetesPlatform,
    cache: ApiCache | undefined,
    source: SourceCluster | undefined,
    database: SearchDatabase | undefined,
  ): void {
    const { environment, names } = this;
    const { accountId, region } = environment;
    const backups = new Backups(this, 'backups', {
      prefix: names.prefix,
      accountId,
      region,
      keyArn: this.keyArn,
      topicArn: this.topicArn,
      retentionDays: environment.oldVersionDays,
      protect: environment.protected,
      resources: [
        storage.tables.trackingArn,
        ...(source ? [source.arn] : []),
        ...(database ? [`arn:aws:rds:${region}:${accountId}:db:${database.identifier}`] : []),
      ],
      volumeTags: { environment: environment.name, service: this.tags.service ?? '' },
    });
    new Alarms(this, 'alarms', {
      prefix: names.prefix,
      topicArn: this.topicArn,
      clusterName: names.cluster,
      autoScalingGroup: platform.autoScalingGroup,
      tables: storage.tables.names,
      cacheNodes: cache?.nodeIds ?? [],
      auroraInstances: source ? [source.instanceIdentifier] : [],
      databases: database ? [database.identifier] : [],
      deadLetterQueues: [backups.deadLetterQueue],
    });
    new Budget(this, 'budget', {
      name: names.prefix,
      monthlyUsd: environment.budgetUsd,
      environment: environment.name,
      topicArn: this.topicArn,
      email: environment.alertEmail,
    });
    if (environment.sleep === null) return;
    new ScaleDown(this, 'scale-down', {
      ...environment.sleep,
      prefix: names.prefix,
      accountId,
      region,
      keyArn: this.keyArn,
      nodeGroup: { cluster: names.cluster, name: NODE_GROUP, ...environment.kubernetes.nodes },
      ...(source ? { sourceCluster: source.identifier } : {}),
    });
  }

  private outputs(
    storage: Storage,
    platform: KubernetesPlatform,
    cache: ApiCache | undefined,
    source: SourceCluster | undefined,
    edge: Edge | undefined,
  ): void {
    addOutputs(this, {
      cluster_name: { value: this.names.cluster, description: 'For `aws eks update-kubeconfig --name`' },
      cluster_endpoint: { value: platform.cluster.endpoint, description: 'The Kubernetes API' },
      archive_bucket: { value: storage.archive.bucketName, description: 'Raw logs' },
      search_bucket: { value: storage.search.name, description: 'Data of OpenObserve' },
      alarm_topic: { value: this.topicArn, description: 'Where alarms go' },
      ...(cache ? { cache_endpoint: { value: cache.endpoint, description: 'Cache of RDS API answers' } } : {}),
      ...(source
        ? {
            source_endpoint: { value: source.endpoint, description: 'The watched Aurora cluster' },
            source_secret: { value: source.masterSecretArn, description: 'Its password', sensitive: true },
          }
        : {}),
      ...(edge ? { search_targets: { value: edge.targetGroupArn, description: 'For the TargetGroupBinding' } } : {}),
    });
  }
}

function connectionOf({ cluster }: KubernetesPlatform) {
  return { name: cluster.name, endpoint: cluster.endpoint, certificateAuthority: cluster.certificateAuthority };
}
