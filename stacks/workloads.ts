import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Statement } from '../constructs/policy-document.ts';
import {
  bindTargets,
  connectAsCanary,
  type Fleet,
  findLogs,
  keepMetadata,
  keepPositions,
  ownBucket,
  readArchive,
  readLogs,
  readSecrets,
  sweepPositions,
  writeArchive,
} from '../constructs/workload-policies.ts';
import { WorkloadRole } from '../constructs/workload-role.ts';
import type { DataServices } from './data-services.ts';
import type { Environment } from './environments.ts';
import { type EnvironmentNames, environmentNames, FLEET_READER_ROLE, NAMESPACES } from './names.ts';
import type { Storage } from './storage.ts';

export interface WorkloadsProps {
  readonly environment: Environment;
  readonly names: EnvironmentNames;
  readonly clusterArn: string;
  readonly vpcId: string;
  readonly keyArn: string;
  readonly storage: Storage;
  readonly data: DataServices;
  readonly hasEdge: boolean;
}

interface Workload {
  readonly serviceAccount: string;
  readonly namespace: string;
  readonly statements: readonly Statement[];
}

/** The role of every pod that speaks to AWS. */
export class Workloads extends Construct {
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: WorkloadsProps) {
    super(scope, id);
    const { environment, names } = props;
    this.ready = workloads(props).flatMap(
      ({ serviceAccount, namespace, statements }) =>
        new WorkloadRole(this, serviceAccount, {
          name: `${names.prefix}-${serviceAccount}`,
          accountId: environment.accountId,
          clusterName: names.cluster,
          clusterArn: props.clusterArn,
          namespace,
          serviceAccount,
          statements,
        }).ready,
    );
  }
}

function workloads(props: WorkloadsProps): Workload[] {
  const { environment, names, vpcId, storage, keyArn, data } = props;
  const tables = {
    metadata: storage.tables.metadataArn,
    tracking: storage.tables.trackingArn,
    jobs: storage.tables.jobsArn,
    keyArn,
  };
  const archive = { arn: storage.archive.bucketArn, keyArn: storage.archive.keyArn };
  const secrets = [data.source?.masterSecretArn, data.searchDatabase?.masterSecretArn];
  const { region, accountId } = environment;
  const fleet = fleetOf(environment, names, vpcId);
  const app = (serviceAccount: string, ...statements: Statement[][]): Workload => ({
    serviceAccount,
    namespace: NAMESPACES.apps,
    statements: statements.flat(),
  });
  const archiveFully = [...readArchive(archive, vpcId), ...writeArchive(archive, vpcId)];
  return [
    app('discovery', findLogs(fleet), keepMetadata(tables), [...(data.cache?.clientStatements ?? [])]),
    app('processor', readLogs(fleet), keepPositions(tables), archiveFully),
    app('reconciler', keepPositions(tables), sweepPositions(tables), archiveFully),
    ...(data.source === undefined
      ? []
      : [app('canary', connectAsCanary(region, accountId, data.source.resourceId), readArchive(archive, vpcId))]),
    {
      serviceAccount: 'openobserve',
      namespace: NAMESPACES.search,
      statements: ownBucket({ arn: storage.search.arn, keyArn }, vpcId),
    },
    {
      serviceAccount: 'external-secrets',
      namespace: 'kube-system',
      statements: readSecrets({
        region,
        accountId,
        path: names.secretPath,
        arns: secrets.filter((arn) => arn !== undefined),
        keyArn,
      }),
    },
    ...(props.hasEdge
      ? [
          {
            serviceAccount: 'aws-load-balancer-controller',
            namespace: 'kube-system',
            statements: bindTargets(region, accountId, names.prefix, vpcId),
          },
        ]
      : []),
  ];
}

/** Which instances the environment's roles may read. */
export function fleetOf(environment: Environment, names: EnvironmentNames, vpcId: string): Fleet {
  const { watches, egress } = environment;
  const regions = [...new Set([environment.region, ...environment.fleetRegions])];
  const throughEndpoint =
    egress.kind === 'private' && egress.interfaceEndpoints.includes('rds') && regions.length === 1;
  return {
    accountId: environment.accountId,
    regions,
    instances: watches.kind === 'own' ? [`${names.sourceCluster}-*`] : environment.fleetNames,
    except:
      watches.kind === 'own'
        ? []
        : watches.except.map((other) => `${environmentNames(other, environment.accountId).sourceCluster}-*`),
    otherAccounts: watches.kind === 'own' ? [] : environment.fleetAccounts,
    readerRole: FLEET_READER_ROLE,
    ...(throughEndpoint ? { onlyFromVpc: vpcId } : {}),
  };
}
