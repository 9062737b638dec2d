import type { EnvironmentDesign } from '../../../stacks/environments.ts';
import { assume } from './assumptions.ts';
import type { Choices, Egress } from './flows.ts';
import { numberOf, type Resource, referenced, textOf } from './resource.ts';

/** What the synthesized stack and its description decide about the cost of a byte. Pure. */
export function choicesOf(design: EnvironmentDesign, resources: readonly Resource[]): Choices {
  const archive = bucketLifecycle(resources, '-archive-');
  const search = bucketLifecycle(resources, '-search-');
  const replica = bucketLifecycle(resources, '-archive-replica-');
  return {
    egress: egressOf(resources),
    codec: 'zstd1',
    archiveClass: 'standard',
    moveAfterDays: archive.moveAfterDays,
    rawRetentionDays: archive.days ?? design.retention.rawDays,
    archiveOldVersionDays: archive.oldDays,
    searchRetentionDays: design.retention.searchDays,
    searchOldVersionDays: search.oldDays,
    replicaRetentionDays: design.replicateArchive
      ? (replica.days ?? design.retention.rawDays) + replica.oldDays
      : undefined,
    zones: design.nodeZones,
    completeShare: 0,
    slotSeconds: assume('slotSeconds'),
  };
}

function egressOf(resources: readonly Resource[]): Egress {
  if (!resources.some(({ type }) => type === 'aws_nat_gateway')) return 'public';
  const endpoint = resources.some(
    (resource) => resource.type === 'aws_vpc_endpoint' && textOf(resource, 'service_name')?.endsWith('.rds'),
  );
  return endpoint ? 'endpoints' : 'nat';
}

interface Lifecycle {
  readonly days: number | undefined;
  readonly moveAfterDays: number | undefined;
  readonly oldDays: number;
}

/** Days until objects of a bucket move, expire, and their old versions too; no old versions without versioning. */
function bucketLifecycle(resources: readonly Resource[], namePart: string): Lifecycle {
  const bucket = resources.find(
    (resource) => resource.type === 'aws_s3_bucket' && nameMatches(textOf(resource, 'bucket') ?? '', namePart),
  );
  const partOf = (type: string) =>
    resources.find(
      (resource) =>
        bucket !== undefined &&
        resource.type === type &&
        referenced([bucket], 'aws_s3_bucket', textOf(resource, 'bucket')) === bucket,
    );
  const lifecycle = partOf('aws_s3_bucket_lifecycle_configuration');
  const versioned = textOf(partOf('aws_s3_bucket_versioning'), 'versioning_configuration.status') === 'Enabled';
  return {
    days: numberOf(lifecycle, 'rule.0.expiration.0.days'),
    moveAfterDays: numberOf(lifecycle, 'rule.0.transition.0.days'),
    oldDays: versioned ? (numberOf(lifecycle, 'rule.0.noncurrent_version_expiration.0.noncurrent_days') ?? 0) : 0,
  };
}

function nameMatches(name: string, part: string): boolean {
  return name.includes(part) && (part.includes('replica') || !name.includes('replica'));
}
