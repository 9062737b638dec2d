import type { LogKind } from '../../apps/shared/log-file.ts';
import type { FleetFile } from '../../apps/simulator/fleet-file.ts';
import { AURORA_LOG_LINE_PREFIX } from './postgresql-server.ts';
import { seedOf } from './random.ts';
import type { Role } from './workload.ts';

/** One instance that shall be made. */
export interface PlannedInstance {
  readonly instanceId: string;
  readonly clusterId: string;
  readonly engine: 'aurora-mysql' | 'aurora-postgresql';
  readonly role: Role;
  readonly kinds: readonly LogKind[];
  /** Its share of the fleet's bytes, relative to the others. */
  readonly weight: number;
  readonly seed: number;
}

const CLUSTERS = [
  { clusterId: 'checkout', engine: 'aurora-mysql', instances: 2, kinds: ['slowquery', 'error', 'audit'] },
  { clusterId: 'ledger', engine: 'aurora-postgresql', instances: 2, kinds: ['postgresql'] },
  { clusterId: 'catalog', engine: 'aurora-mysql', instances: 1, kinds: ['slowquery', 'error', 'general'] },
  { clusterId: 'search', engine: 'aurora-postgresql', instances: 1, kinds: ['postgresql'] },
  { clusterId: 'members', engine: 'aurora-mysql', instances: 3, kinds: ['slowquery', 'error'] },
  { clusterId: 'planning', engine: 'aurora-postgresql', instances: 3, kinds: ['postgresql'] },
] as const;

/** Plans clusters of one to three instances of both engines, one writer each, until there are `count` instances. */
export function planFleet(count: number, seed: number): PlannedInstance[] {
  const perRound = CLUSTERS.reduce((sum, { instances }) => sum + instances, 0);
  const rounds = Array.from({ length: Math.ceil(count / perRound) }, (_, round) => planRound(round, seed));
  return rounds.flat().slice(0, count);
}

function planRound(round: number, seed: number): PlannedInstance[] {
  return CLUSTERS.flatMap(({ clusterId, engine, instances, kinds }) => {
    const name = round === 0 ? clusterId : `${clusterId}-${round + 1}`;
    return Array.from({ length: instances }, (_, index) => ({
      instanceId: `${name}-${index + 1}`,
      clusterId: name,
      engine,
      role: index === 0 ? ('writer' as const) : ('reader' as const),
      kinds,
      weight: index === 0 ? kinds.length + 1 : kinds.length,
      seed: seedOf(seed, name, index),
    }));
  });
}

/** What `fleet.json` says of the fleet; its format is described in `apps/simulator/README.md`. */
export function describeFleet(plan: readonly PlannedInstance[]): FleetFile {
  return {
    accountId: '123456789012',
    region: 'eu-central-1',
    instances: Object.fromEntries(
      plan.map(({ instanceId, clusterId, engine, role, kinds }) => [
        instanceId,
        {
          cluster: clusterId,
          engine,
          resourceId: resourceId(instanceId),
          tags: { owner: 'platform', environment: 'sample', role },
          parameters: engine === 'aurora-postgresql' ? POSTGRESQL_PARAMETERS : mysqlParameters(kinds),
        },
      ]),
    ),
  };
}

const POSTGRESQL_PARAMETERS = {
  log_line_prefix: AURORA_LOG_LINE_PREFIX,
  log_destination: 'stderr',
  log_timezone: 'UTC',
  log_min_duration_statement: '0',
};

function mysqlParameters(kinds: readonly LogKind[]) {
  return {
    log_output: 'FILE',
    slow_query_log: '1',
    long_query_time: '0',
    general_log: kinds.includes('general') ? '1' : '0',
    server_audit_logging: kinds.includes('audit') ? '1' : '0',
  };
}

/** A DbiResourceId: `db-` and 26 upper-case letters and digits, the same for the same instance. */
function resourceId(instanceId: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return `db-${Array.from({ length: 26 }, (_, index) => letters[seedOf(instanceId, index) % 32]).join('')}`;
}
