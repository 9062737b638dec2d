import type { StackFile } from '../synthesized.ts';

const expression = (inside: string) => `$\{${inside}}`;

function bucket(id: string, name: string, days: number | undefined, oldDays: number) {
  const at = { bucket: expression(`aws_s3_bucket.${id}.id`) };
  const expiration = days === undefined ? {} : { expiration: [{ days }] };
  const rule = { ...expiration, noncurrent_version_expiration: [{ noncurrent_days: oldDays }] };
  return {
    aws_s3_bucket: { [id]: { bucket: name } },
    aws_s3_bucket_versioning: { [id]: { ...at, versioning_configuration: { status: 'Enabled' } } },
    aws_s3_bucket_lifecycle_configuration: { [id]: { ...at, rule: [rule] } },
  };
}

type Tables = Record<string, Record<string, Record<string, unknown>>>;

function merge(...parts: Tables[]): Tables {
  const all: Tables = {};
  for (const part of parts) {
    for (const [type, byId] of Object.entries(part)) all[type] = { ...all[type], ...byId };
  }
  return all;
}

function stack(...parts: Tables[]): StackFile {
  return { provider: { aws: [{ region: 'us-east-1' }] }, terraform: { backend: {} }, resource: merge(...parts) };
}

const CLUSTER: Tables = { aws_eks_cluster: { main: { version: '1.35', enabled_cluster_log_types: ['audit'] } } };

/** Three small stacks of the shape that the CDKTF app synthesizes, for tests of the model alone. */
export function sampleStacks(): Map<string, StackFile> {
  return new Map([
    [
      'bootstrap',
      stack({
        aws_kms_key: { state: {} },
        aws_cloudtrail: { all: {} },
        aws_guardduty_detector: { here: {} },
        aws_guardduty_detector_feature: { s3: { name: 'S3_DATA_EVENTS' }, runtime: { name: 'RUNTIME_MONITORING' } },
        aws_config_configuration_recorder: { all: {} },
        aws_securityhub_account: { here: {} },
      }),
    ],
    [
      'poc',
      stack(CLUSTER, bucket('raw', 'aurora-logs-poc-archive-1', 14, 7), {
        aws_eks_node_group: { nodes: { instance_types: ['t4g.large'], capacity_type: 'SPOT', disk_size: 20 } },
      }),
    ],
    [
      'production',
      stack(
        CLUSTER,
        bucket('raw', 'aurora-logs-production-archive-1', 90, 30),
        bucket('copy', 'aurora-logs-production-archive-replica-1', 60, 10),
        bucket('search', 'aurora-logs-production-search-1', undefined, 1),
        {
          aws_eks_node_group: { nodes: { instance_types: ['m7g.large'], capacity_type: 'ON_DEMAND', disk_size: 40 } },
          aws_nat_gateway: { a: {} },
          aws_vpc_endpoint: {
            rds: { vpc_endpoint_type: 'Interface', service_name: 'com.amazonaws.us-east-1.rds', subnet_ids: [1, 2, 3] },
          },
        },
      ),
    ],
  ]);
}
