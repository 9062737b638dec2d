import { describe, expect, test } from '@jest/globals';
import { synthesizeAll } from './testing/synthesize.ts';

/** Types that hold what cannot be made again: a new address would make Terraform replace them. */
const HOLDING = [
  'aws_s3_bucket',
  'aws_dynamodb_table',
  'aws_kms_key',
  'aws_rds_cluster',
  'aws_db_instance',
  'aws_ecr_repository',
];

describe('what holds data', () => {
  test.each(Object.entries(synthesizeAll()))('keeps its address in %s', (_, json) => {
    const { resource } = JSON.parse(json) as { resource: Record<string, Record<string, unknown>> };
    const addresses = HOLDING.flatMap((type) => Object.keys(resource[type] ?? {}).map((id) => `${type}.${id}`));
    expect(addresses.sort()).toMatchSnapshot();
  });
});
