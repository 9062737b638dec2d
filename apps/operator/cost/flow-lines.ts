import { assume } from './assumptions.ts';
import type { NodeFleet } from './fleet-of-nodes.ts';
import { type ArchiveClass, type Choices, type Flows, MONTH_DAYS } from './flows.ts';
import { type Line, line, MONTH_HOURS } from './line.ts';
import { listOf, type Resource } from './resource.ts';

/** What a flow is priced from. */
export interface FlowContext {
  readonly flows: Flows;
  readonly choices: Choices;
  /** Watched instances. */
  readonly instances: number;
  readonly fleet: NodeFleet;
  readonly resources: readonly Resource[];
  /** Share of the month (0 to 1) in which the nodes run. */
  readonly awake: number;
  /** How long trails and access logs are kept. */
  readonly auditDays: number;
}

/** What a storage class charges beside storage. */
const CLASS_PRICES: Record<ArchiveClass, { put: string; get: string; retrieval?: string }> = {
  standard: { put: 's3.put', get: 's3.get' },
  'standard-ia': { put: 's3.put-ia', get: 's3.get-ia', retrieval: 's3.retrieval-ia' },
  'glacier-instant': {
    put: 's3.put-glacier-instant',
    get: 's3.get-glacier-instant',
    retrieval: 's3.retrieval-glacier-instant',
  },
};

/** The raw archive: storage at the end of its retention, puts and gets. */
function archiveLines({ flows, choices }: FlowContext): Line[] {
  const section = 'S3 archive';
  const { put, get, retrieval } = CLASS_PRICES[choices.archiveClass];
  const days = `${choices.rawRetentionDays} days and ${choices.archiveOldVersionDays} as old versions`;
  return [
    line(section, `storage, ${days}`, `s3.${choices.archiveClass}`, flows.archiveGbHeld),
    ...(flows.archiveGbMoved > 0 ? movedLines(flows) : []),
    line(section, 'puts of slots, registrations, ends', put, flows.archivePuts),
    line(section, 'gets', get, flows.archiveGets),
    ...(retrieval ? [line(section, 'bytes read', retrieval, flows.archiveGbPerMonth * assume('archiveReads'))] : []),
  ];
}

function movedLines(flows: Flows): Line[] {
  return [
    line('S3 archive', 'storage after the move', 's3.glacier-instant', flows.archiveGbMoved),
    line('S3 archive', 'moves to Glacier Instant Retrieval', 's3.transition-glacier-instant', flows.archivePuts),
  ];
}

/** OpenObserve's bucket: Parquet and index. */
function searchLines({ flows, choices }: FlowContext): Line[] {
  const section = 'S3 search';
  return [
    line(section, `Parquet and index, ${choices.searchRetentionDays} days`, 's3.standard', flows.searchGbHeld),
    // Each uploaded file is rewritten once by compaction.
    line(section, 'puts of uploads and compaction', 's3.put', 2 * flows.searchPuts),
    line(section, 'gets of compaction and queries', 's3.get', flows.searchGets),
  ];
}

/** The copy of the archive in another region, in Standard-IA. */
function replicaLines({ flows, choices }: FlowContext): Line[] {
  if (choices.replicaRetentionDays === undefined) return [];
  const section = 'S3 replica';
  return [
    line(section, `storage, ${choices.replicaRetentionDays} days`, 's3.standard-ia', flows.replicaGbHeld),
    line(section, 'puts in the other region', 's3.put-ia', flows.archivePuts),
    line(section, 'bytes to the other region', 'transfer.region', flows.archiveGbPerMonth),
  ];
}

/** Requests, storage and point-in-time recovery of the tables. */
function tableLines({ flows }: FlowContext): Line[] {
  return [
    line('DynamoDB', 'writes of positions and jobs', 'dynamodb.write', flows.tableWrites),
    line('DynamoDB', 'reads', 'dynamodb.read', flows.tableReads),
    line('DynamoDB', 'storage', 'dynamodb.storage', flows.tableGb),
    line('DynamoDB', 'point-in-time recovery', 'dynamodb.pitr', flows.tableGb),
  ];
}

/** Bytes of the log download and of everything else that leaves a node for AWS. */
function egressLines({ flows, choices, fleet, awake }: FlowContext): Line[] {
  const section = 'Network';
  const { egress } = choices;
  if (egress === 'public') {
    const hours = fleet.nodes * MONTH_HOURS * awake;
    return [line(section, 'public IPv4 addresses of nodes', 'ec2.public-ipv4', hours)];
  }
  const other = line(section, 'images and other AWS calls through NAT', 'nat.data', assume('natOtherGb'));
  return egress === 'nat'
    ? [other, line(section, 'log download through NAT', 'nat.data', flows.downloadGb)]
    : [other, line(section, 'log download through the RDS endpoint', 'endpoint.data', flows.downloadGb)];
}

function accessLogLines({ flows, resources, auditDays }: FlowContext): Line[] {
  if (!resources.some(({ type }) => type === 'aws_s3_bucket_logging')) return [];
  const gbPerDay = (s3Requests(flows) * assume('accessLogKb')) / 1e6 / MONTH_DAYS;
  return [line('Security and audit', `S3 access logs, ${auditDays} days`, 's3.standard', gbPerDay * auditDays)];
}

/** Requests that the archive and OpenObserve's bucket answer. */
export function s3Requests(flows: Flows): number {
  return flows.archivePuts + flows.archiveGets + 2 * flows.searchPuts + flows.searchGets;
}

function edgeLines({ resources }: FlowContext): Line[] {
  if (!resources.some(({ type }) => type === 'aws_lb')) return [];
  return [
    line('Network', 'capacity units of the load balancer', 'alb.lcu', assume('lcuPerBalancer') * MONTH_HOURS),
    line('Network', 'answers to browsers', 'transfer.internet', assume('searchEgressGb')),
  ];
}

function monitoringLines({ resources, fleet, awake }: FlowContext): Line[] {
  const section = 'Monitoring and backup';
  const cluster = resources.find(({ type }) => type === 'aws_eks_cluster');
  const logTypes = listOf(cluster, 'enabled_cluster_log_types').length;
  const lines = [line(section, 'control plane logs', 'logs.ingest', logTypes * assume('controlPlaneLogGb'))];
  lines.push(line(section, 'notices', 'sns.email', assume('noticesPerMonth')));
  if (resources.some(({ type }) => type === 'aws_flow_log')) {
    const gb = fleet.nodes * awake * assume('flowLogGbPerNode');
    lines.push(line(section, 'VPC flow logs', 'logs.vended-s3', gb));
  }
  if (resources.some(({ type }) => type === 'aws_backup_plan')) {
    lines.push(line(section, 'copies of volumes', 'backup.ebs', fleet.volumeGib * assume('backupCopies')));
  }
  return lines;
}

/** What flows through an environment, beside what its resources cost by themselves. */
export function flowLines(context: FlowContext): Line[] {
  const { flows, choices } = context;
  return [
    ...archiveLines(context),
    ...searchLines(context),
    ...replicaLines(context),
    ...tableLines(context),
    ...egressLines(context),
    line('Network', `between ${choices.zones} zone(s): records to OpenObserve`, 'transfer.zone', flows.zoneCrossingGb),
    ...edgeLines(context),
    ...accessLogLines(context),
    line('Security and audit', 'KMS calls', 'kms.requests', flows.kmsCalls),
    line('Security and audit', 'reads of secrets', 'secrets.requests', assume('secretCalls')),
    ...monitoringLines(context),
  ];
}
