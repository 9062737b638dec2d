import { z } from 'zod';
import { Failure, isFailure } from '../apps/shared/failure.ts';
import { cidrsOverlap, parseCidr } from './cidr.ts';
import { type InputSources, inputsSchema, readInputs } from './inputs.ts';

const days = z.int().min(1).max(3650);
const instanceType = z.string().regex(/^[a-z]+\d+g[a-z]*\.\w+$/, 'must be a Graviton type such as m7g.large');

const nodesSchema = z
  .strictObject({
    instanceTypes: z.array(instanceType).min(1).max(20),
    capacity: z.enum(['SPOT', 'ON_DEMAND']),
    min: z.int().min(0),
    desired: z.int().min(0),
    max: z.int().min(1).max(100),
    /** Root volume, gp3. */
    diskGib: z.int().min(20).max(1000),
  })
  .refine((nodes) => nodes.min <= nodes.desired && nodes.desired <= nodes.max, 'needs min <= desired <= max');

const cacheSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('valkey'),
    nodeType: z.string().startsWith('cache.'),
    nodes: z.int().min(1).max(6),
  }),
  z.strictObject({ kind: z.literal('dax'), nodeType: z.string().startsWith('dax.'), nodes: z.int().min(1).max(10) }),
]);

/** One environment: what it is made of. Units are in the names. */
const designSchema = z.strictObject({
  /** The watched fleet: this environment's own source cluster, or every instance but those of the named environments. */
  watches: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('own') }),
    z.strictObject({ kind: z.literal('fleet'), except: z.array(z.string()) }),
  ]),
  /** Guards data: deletion protection everywhere, and Terraform refuses to destroy buckets, tables, keys, databases. */
  protected: z.boolean(),
  zones: z.int().min(2, 'must be at least 2: EKS and Aurora refuse one').max(3),
  /** Nodes keep to this many zones; one, where volumes must be found again by the next spot node. */
  nodeZones: z.int().min(1).max(3),
  /**
   * How nodes reach AWS and the image registries. public: public subnets, nothing may connect in. private: NAT gateways for
   * the rest and interface endpoints for what is heavy.
   */
  egress: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('public') }),
    z.strictObject({
      kind: z.literal('private'),
      natGateways: z.int().min(1).max(3),
      interfaceEndpoints: z.array(z.string()),
    }),
  ]),
  kubernetes: z.strictObject({
    version: z.string().regex(/^1\.\d{2}$/),
    nodes: nodesSchema,
    /** Karpenter adds nodes beside the fixed group, up to this many vCPU. */
    karpenterMaxVcpu: z.int().min(0).max(1000),
    controlPlaneLogs: z.array(z.enum(['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'])),
  }),
  cache: cacheSchema,
  /** The Aurora MySQL cluster that is watched where there is no fleet. */
  source: z
    .strictObject({
      engineVersion: z.string(),
      minAcu: z.number().min(0).max(256),
      maxAcu: z.number().min(1).max(256),
      pauseAfterSeconds: z.int().min(300).max(86_400),
      slowQuerySeconds: z.number().min(0),
      generalLog: z.boolean(),
    })
    .refine((source) => source.minAcu <= source.maxAcu, 'needs minAcu <= maxAcu')
    .optional(),
  /** single: one OpenObserve with a disk. cluster: roles over S3 with PostgreSQL. */
  search: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('single') }),
    z.strictObject({
      mode: z.literal('cluster'),
      databaseClass: z.string().startsWith('db.'),
      databaseGib: z.int().min(20),
    }),
  ]),
  /** How people reach the search page: a port of the nodes for `searchCidrs`, or a load balancer with TLS at `hostname`. */
  edge: z.enum(['node-port', 'load-balancer']),
  retention: z.strictObject({ rawDays: days, searchDays: days, auditDays: days, serviceLogDays: z.int().min(1) }),
  /** Days in which a deleted or overwritten version of an archived object can be brought back. */
  oldVersionDays: days,
  /** Days after which raw bytes move to Glacier Instant Retrieval (same reads, a sixth of the storage price); null: never. */
  coldAfterDays: days.nullable(),
  replicateArchive: z.boolean(),
  budgetUsd: z.int().positive(),
  /** When nodes and source sleep, in cron of EventBridge Scheduler; null where nothing ever sleeps. */
  sleep: z.strictObject({ stop: z.string(), start: z.string(), timezone: z.string() }).nullable(),
});

export const environmentSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9]{1,11}$/, 'must be 2 to 12 lower-case letters and digits'),
    ...inputsSchema.shape,
    ...designSchema.shape,
  })
  .superRefine((environment, context) => {
    for (const [path, message] of crossChecks(environment)) context.addIssue({ code: 'custom', path: [path], message });
  });

export type Environment = z.infer<typeof environmentSchema>;
export type EnvironmentDesign = z.infer<typeof designSchema>;

/** Every environment there is. A third one is one more entry. */
export const ENVIRONMENTS: Readonly<Record<string, EnvironmentDesign>> = {
  poc: {
    watches: { kind: 'own' },
    protected: false,
    zones: 2,
    nodeZones: 1,
    egress: { kind: 'public' },
    kubernetes: {
      version: '1.35',
      nodes: {
        instanceTypes: ['t4g.large', 'm7g.large', 'm6g.large', 'r7g.large', 'r6g.large'],
        capacity: 'SPOT',
        min: 0,
        desired: 1,
        max: 2,
        diskGib: 20,
      },
      karpenterMaxVcpu: 0,
      controlPlaneLogs: ['audit', 'authenticator', 'api', 'controllerManager', 'scheduler'],
    },
    cache: { kind: 'valkey', nodeType: 'cache.t4g.micro', nodes: 1 },
    source: {
      engineVersion: '8.0.mysql_aurora.3.10.1',
      minAcu: 0,
      maxAcu: 2,
      pauseAfterSeconds: 300,
      slowQuerySeconds: 0.5,
      generalLog: true,
    },
    search: { mode: 'single' },
    edge: 'node-port',
    retention: { rawDays: 14, searchDays: 7, auditDays: 400, serviceLogDays: 365 },
    oldVersionDays: 7,
    coldAfterDays: null,
    replicateArchive: false,
    budgetUsd: 150,
    sleep: { stop: 'cron(0 20 ? * MON-FRI *)', start: 'cron(0 7 ? * MON-FRI *)', timezone: 'Europe/Berlin' },
  },
  production: {
    watches: { kind: 'fleet', except: ['poc'] },
    protected: true,
    zones: 3,
    nodeZones: 3,
    egress: { kind: 'private', natGateways: 3, interfaceEndpoints: ['rds'] },
    kubernetes: {
      version: '1.35',
      nodes: {
        instanceTypes: ['m7g.large', 'm8g.large', 'm6g.large'],
        capacity: 'ON_DEMAND',
        min: 3,
        desired: 3,
        max: 9,
        diskGib: 40,
      },
      karpenterMaxVcpu: 160,
      controlPlaneLogs: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
    },
    cache: { kind: 'valkey', nodeType: 'cache.t4g.small', nodes: 2 },
    search: { mode: 'cluster', databaseClass: 'db.t4g.small', databaseGib: 20 },
    edge: 'load-balancer',
    retention: { rawDays: 90, searchDays: 30, auditDays: 400, serviceLogDays: 365 },
    oldVersionDays: 30,
    coldAfterDays: 14,
    replicateArchive: true,
    budgetUsd: 7000,
    sleep: null,
  },
};

/** What was understood of each environment: a checked description, or the Failure that says what is wrong with it. */
export type LoadedEnvironment = { name: string } & ({ environment: Environment } | { problem: Failure });

/** Reads and checks all environments. A mistake in one leaves the others sound; overlaps count against the later one. */
export function loadEnvironments(sources: InputSources, designs = ENVIRONMENTS): LoadedEnvironment[] {
  const sound: Environment[] = [];
  return Object.entries(designs).map(([name, design]) => {
    try {
      const environment = checkEnvironment(name, { name, ...readInputs(name, sources, inputsSchema), ...design });
      refuseOverlap(environment, sound);
      sound.push(environment);
      return { name, environment };
    } catch (error) {
      if (isFailure(error, 'CONFIG_INVALID')) return { name, problem: error };
      throw error;
    }
  });
}

/** Checks a whole description; throws CONFIG_INVALID that names each wrong field. */
export function checkEnvironment(name: string, description: unknown): Environment {
  const result = environmentSchema.safeParse(description);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${name}.${issue.path.join('.')} ${issue.message}`);
  throw new Failure('CONFIG_INVALID', problems.join('\n'), { details: { environment: name } });
}

function crossChecks(environment: z.infer<z.ZodObject<(typeof environmentSchema)['shape']>>): [string, string][] {
  const own = parseCidr(environment.vpcCidr);
  const { egress, kubernetes, retention, watches } = environment;
  const rules: [boolean, string, string][] = [
    [environment.nodeZones > environment.zones, 'nodeZones', `must be at most zones (${environment.zones})`],
    [egress.kind === 'private' && egress.natGateways > environment.zones, 'egress', 'has more NAT gateways than zones'],
    [retention.searchDays > retention.rawDays, 'retention', 'keeps records longer than the raw bytes they come from'],
    [watches.kind === 'own' && environment.source === undefined, 'watches', 'watches its own source but has none'],
    [
      (environment.hostname === undefined) !== (environment.hostedZoneId === undefined),
      'hostname',
      'and hostedZoneId belong together: set both or neither',
    ],
    [
      environment.replicateArchive && environment.replicaRegion === environment.region,
      'replicaRegion',
      `must differ from region (${environment.region})`,
    ],
    [
      kubernetes.nodes.capacity === 'SPOT' && environment.protected && kubernetes.karpenterMaxVcpu === 0,
      'kubernetes',
      'runs a protected environment on spot nodes alone',
    ],
    [
      environment.sleep !== null && environment.protected,
      'sleep',
      'puts a protected environment to sleep; it would miss what its fleet writes meanwhile',
    ],
  ];
  const overlaps = environment.reservedCidrs
    .filter((text) => {
      const reserved = parseCidr(text);
      return own && reserved && cidrsOverlap(own, reserved);
    })
    .map((text): [string, string] => ['vpcCidr', `${environment.vpcCidr} overlaps the reserved range ${text}`]);
  return [...rules.filter(([wrong]) => wrong).map(([, path, text]): [string, string] => [path, text]), ...overlaps];
}

function refuseOverlap(environment: Environment, others: readonly Environment[]): void {
  const own = parseCidr(environment.vpcCidr);
  for (const other of others) {
    const theirs = parseCidr(other.vpcCidr);
    if (!own || !theirs || !cidrsOverlap(own, theirs)) continue;
    throw new Failure(
      'CONFIG_INVALID',
      `${environment.name}.vpcCidr ${environment.vpcCidr} overlaps ${other.vpcCidr} of ${other.name}; give each environment its own range`,
      { details: { environment: environment.name } },
    );
  }
}
