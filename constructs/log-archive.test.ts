import { describe, expect, test } from '@jest/globals';
import { byType, exampleEnvironment, synthesizeEnvironment } from '../stacks/testing/synthesize.ts';

const poc = byType(synthesizeEnvironment(exampleEnvironment('poc')));
const production = byType(synthesizeEnvironment(exampleEnvironment('production')));

type Statement = { Sid: string; Effect: string; Action: string; Condition: Record<string, unknown> };

function archivePolicy(resources: typeof poc): Statement[] {
  const policy = resources['aws_s3_bucket_policy']?.find((one) =>
    String(one['policy']).includes('DenyPutThatCouldReplace'),
  );
  return JSON.parse(String(policy?.['policy'])).Statement;
}

function lifecycleOf(resources: typeof poc, bucket: string) {
  const found = resources['aws_s3_bucket_lifecycle_configuration']?.find((one) =>
    String(one['bucket']).includes(bucket),
  );
  return (found?.['rule'] as Record<string, unknown>[] | undefined)?.[0];
}

describe('log archive', () => {
  test('refuses every write that could replace an object, whoever asks', () => {
    const [deny] = archivePolicy(poc).filter(({ Sid }) => Sid === 'DenyPutThatCouldReplace');
    expect(deny).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:PutObject',
      Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    });
  });

  test('refuses objects under any other key than its own', () => {
    const [deny] = archivePolicy(poc).filter(({ Sid }) => Sid === 'DenyOtherKeys');
    const [key] = Object.values(deny?.Condition['StringNotEqualsIfExists'] as Record<string, string>);
    expect(key).toMatch(/aws_kms_key\.storage_archive_key/);
  });

  test('keeps raw bytes and old versions as long as the environment says, and no longer', () => {
    expect(lifecycleOf(poc, 'archive_raw')).toMatchObject({
      expiration: [{ days: 14 }],
      noncurrent_version_expiration: [{ noncurrent_days: 7 }],
    });
    expect(lifecycleOf(poc, 'archive_raw')).not.toHaveProperty('transition');
    expect(lifecycleOf(production, 'archive_raw')).toMatchObject({
      expiration: [{ days: 90 }],
      noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      transition: [{ days: 14, storage_class: 'GLACIER_IR' }],
    });
  });

  test('is copied to another region in production, re-encrypted there, deletions not among it', () => {
    expect(poc['aws_s3_bucket_replication_configuration']).toBeUndefined();
    const [replication] = production['aws_s3_bucket_replication_configuration'] ?? [];
    expect(replication?.['rule']).toMatchObject([
      {
        status: 'Enabled',
        delete_marker_replication: { status: 'Disabled' },
        source_selection_criteria: expect.anything(),
      },
    ]);
    const replica = production['aws_s3_bucket']?.find(
      (one) => one['bucket'] === 'aurora-logs-production-archive-replica-111122223333',
    );
    expect(replica).toMatchObject({ provider: 'aws.replica', force_destroy: false });
  });
});

describe('protection from destroy', () => {
  const guarded = ['aws_s3_bucket', 'aws_dynamodb_table', 'aws_kms_key', 'aws_db_instance', 'aws_eks_cluster'];

  test.each(guarded)('Terraform refuses to destroy %s of production', (type) => {
    const resources = production[type] ?? [];
    expect(resources.length).toBeGreaterThan(0);
    for (const one of resources) expect(one['lifecycle']).toMatchObject({ prevent_destroy: true });
  });

  test('and one command destroys poc', () => {
    for (const resources of Object.values(poc)) {
      for (const one of resources)
        expect((one['lifecycle'] as Record<string, unknown>)?.['prevent_destroy'] ?? false).toBe(false);
    }
    for (const bucket of poc['aws_s3_bucket'] ?? []) expect(bucket['force_destroy']).toBe(true);
  });
});

describe('tables', () => {
  test('have the keys that the apps use, and only rows of the past expire', () => {
    const tables = Object.fromEntries((poc['aws_dynamodb_table'] ?? []).map((one) => [String(one['name']), one]));
    expect(Object.keys(tables).sort()).toEqual([
      'aurora-logs-poc-instance-metadata',
      'aurora-logs-poc-jobs',
      'aurora-logs-poc-tracking',
    ]);
    const ttl = { enabled: true, attribute_name: 'expires_at' };
    expect(tables['aurora-logs-poc-instance-metadata']).toMatchObject({ hash_key: 'resource_id', ttl });
    expect(tables['aurora-logs-poc-jobs']).toMatchObject({ hash_key: 'job_id', ttl });
    expect(tables['aurora-logs-poc-tracking']).toMatchObject({ hash_key: 'resource_kind', range_key: 'item' });
    expect(tables['aurora-logs-poc-tracking']).not.toHaveProperty('ttl');
  });

  test('have a ceiling of what a runaway client can cost', () => {
    for (const table of poc['aws_dynamodb_table'] ?? []) {
      expect(table['on_demand_throughput']).toEqual({ max_read_request_units: 12_000, max_write_request_units: 4000 });
    }
  });
});
