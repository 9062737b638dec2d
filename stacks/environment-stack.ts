import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsIamSessionContext } from '@cdktf/provider-aws/lib/data-aws-iam-session-context/index.js';
import { type ITerraformDependable, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { Edge } from '../constructs/edge.ts';
import { EncryptionKey } from '../constructs/encryption-key.ts';
import { Network } from '../constructs/network.ts';
import { type ChartSettings, Releases } from '../constructs/releases.ts';
import { DataServices } from './data-services.ts';
import type { Environment } from './environments.ts';
import { KubernetesPlatform } from './kubernetes-platform.ts';
import { type EnvironmentNames, environmentNames, NAMESPACES } from './names.ts';
import { addOutputs } from './outputs.ts';
import { Oversight } from './oversight.ts';
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
  private readonly topic: AlarmTopic;

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
    this.topic = this.alarmTopic();
    const common = { environment, names: this.names, keyArn: this.keyArn };
    const storage = new Storage(this, 'storage', { ...common, deletionAlarm: this.topic, tags: this.tags });
    const network = this.network(storage);
    const data = new DataServices(this, 'data', { ...common, network, ...cacheTable(storage) });
    const platform = new KubernetesPlatform(this, 'platform', {
      environment,
      clusterName: this.names.cluster,
      network,
      keyArn: this.keyArn,
      deployerArn: this.deployerArn(),
      tags: this.tags,
    });
    clusterProviders(this, { ...platform.cluster.connection, region: environment.region });
    const edge = this.edge(network, storage);
    const workloads = new Workloads(this, 'workloads', {
      ...common,
      clusterArn: platform.cluster.arn,
      vpcId: network.vpcId,
      storage,
      data,
      hasEdge: edge !== undefined,
    });
    this.releases(props, [...platform.ready, ...workloads.ready]);
    new Oversight(this, 'oversight', { ...common, topicArn: this.topic.arn, storage, platform, data, tags: this.tags });
    this.outputs(storage, platform, data, edge);
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
        's3.amazonaws.com',
      ],
    }).arn;
  }

  private alarmTopic(): AlarmTopic {
    const { accountId, alertEmail, pagerUrl } = this.environment;
    return new AlarmTopic(this, 'alarm-topic', {
      name: `${this.names.prefix}-alarms`,
      accountId,
      keyArn: this.keyArn,
      email: alertEmail,
      ...(pagerUrl === undefined ? {} : { pagerUrl }),
    });
  }

  private network(storage: Storage): Network {
    const { accountId, region, vpcCidr, zones, egress } = this.environment;
    return new Network(this, 'network', {
      prefix: this.names.prefix,
      accountId,
      region,
      cidr: vpcCidr,
      zones,
      egress,
      clusterName: this.names.cluster,
      audit: storage.audit,
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
      audit: storage.audit,
      keyArn: this.keyArn,
      logDays: environment.retention.serviceLogDays,
      protect: environment.protected,
    });
  }

  private releases(props: EnvironmentStackProps, dependsOn: ITerraformDependable[]): void {
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
      dependsOn,
    });
  }

  private outputs(storage: Storage, platform: KubernetesPlatform, data: DataServices, edge: Edge | undefined): void {
    const { cache, source } = data;
    addOutputs(this, {
      cluster_name: { value: this.names.cluster, description: 'For `aws eks update-kubeconfig --name`' },
      cluster_endpoint: { value: platform.cluster.connection.endpoint, description: 'The Kubernetes API' },
      archive_bucket: { value: storage.archive.bucketName, description: 'Raw logs' },
      search_bucket: { value: storage.search.name, description: 'Data of OpenObserve' },
      alarm_topic: { value: this.topic.arn, description: 'Where alarms go' },
      ...(cache ? { cache_endpoint: { value: cache.endpoint, description: 'Cache of RDS API answers' } } : {}),
      ...(source
        ? {
            source_endpoint: { value: source.endpoint, description: 'The watched Aurora cluster' },
            source_secret: { value: source.masterSecretArn, description: 'ARN of its password', sensitive: true },
          }
        : {}),
      ...(edge ? { search_targets: { value: edge.targetGroupArn, description: 'For the TargetGroupBinding' } } : {}),
    });
  }
}

function cacheTable(storage: Storage): { cacheTableArn?: string } {
  const arn = storage.tables.cacheArn;
  return arn === undefined ? {} : { cacheTableArn: arn };
}
