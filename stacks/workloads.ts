import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Statement } from '../constructs/policy-document.ts';
import {
  bindTargets,
  connectAsCanary,
  type Encrypted,
  type Fleet,
  findLogs,
  keepMetadata,
  keepPositions,
  ownBucket,
  readArchive,
  readLogs,
  readSecrets,
  sweepPositions,
  type Tables,
  writeArchive,
} from '../constructs/workload-policies.ts';
import { WorkloadRole } from '../constructs/workload-role.ts';
import type { Environment } from './environments.ts';
import { type EnvironmentNames, environmentNames, FLEET_READER_ROLE, NAMESPACES } from './names.ts';

export interface WorkloadsProps {
  readonly environment: Environment;
  readonly names: EnvironmentNames;
  readonly clusterArn: string;
  readonly vpcId: string;
  readonly tables: Tables;
  readonly archive: Encrypted;
  readonly searchBucket: Encrypted;
  readonly keyArn: string;
  readonly cacheStatements: readonly Statement[];
  /** Secrets that RDS keeps, for External Secrets to hand on. */
  readonly databaseSecretArns: readonly string[];
  /** The source cluster whose canary user the canary may be. */
  readonly sourceResourceId?: string;
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
  const { environment, names, tables, archive, vpcId } = props;
  const { region, accountId } = environment;
  const fleet = fleetOf(environment, names, vpcId);
  const app = (serviceAccount: string, ...statements: Statement[][]): Workload => ({
    serviceAccount,
    namespace: NAMESPACES.apps,
    statements: statements.flat(),
  });
  const optional = (wanted: boolean, ...list: Workload[]) => (wanted ? list : []);
  const archiveFully = [...readArchive(archive, vpcId), ...writeArchive(archive, vpcId)];
  return [
    app('discovery', findLogs(fleet), keepMetadata(tables), [...props.cacheStatements]),
    app('processor', readLogs(fleet), keepPositions(tables), archiveFully),
    app('reconciler', keepPositions(tables), sweepPositions(tables), archiveFully),
    ...optional(
      props.sourceResourceId !== undefined,
      app('canary', connectAsCanary(region, accountId, props.sourceResourceId ?? ''), readArchive(archive, vpcId)),
    ),
    {
      serviceAccount: 'openobserve',
      namespace: NAMESPACES.search,
      statements: ownBucket(props.searchBucket, vpcId),
    },
    {
      serviceAccount: 'external-secrets',
      namespace: 'kube-system',
      statements: readSecrets({
        region,
        accountId,
        path: names.secretPath,
        arns: props.databaseSecretArns,
        keyArn: props.keyArn,
      }),
    },
    ...optional(props.hasEdge, {
      serviceAccount: 'aws-load-balancer-controller',
      namespace: 'kube-system',
      statements: bindTargets(region, accountId, names.prefix, vpcId),
    }),
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
