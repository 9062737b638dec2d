import { argument, at, atLeast, companion, is, isSet, isTrue, type Resource, type Rule, statementsOf } from './rule.ts';

const BUCKET = 'aws_s3_bucket';

/** A rule that every bucket has a companion resource that passes a test. */
function bucketHas(id: string, title: string, type: string, test: (companion: Resource) => boolean = () => true): Rule {
  return {
    id,
    title,
    types: [BUCKET],
    holds: (bucket, stack) => {
      const found = companion(stack, bucket, type, 'bucket');
      return found !== undefined && test(found);
    },
  };
}

function publicAccess(id: string, path: string): Rule {
  return bucketHas(id, `buckets set ${path}`, 'aws_s3_bucket_public_access_block', ({ config }) =>
    isTrue(config[path]),
  );
}

const policyDenies = (key: string) => (policy: Resource) =>
  statementsOf(policy).some(
    ({ Effect, Condition }) => Effect === 'Deny' && JSON.stringify(Condition ?? {}).includes(`"${key}"`),
  );

/** Buckets, tables, keys, queues, topics, images. */
export const STORAGE_RULES: readonly Rule[] = [
  publicAccess('CKV_AWS_53', 'block_public_acls'),
  publicAccess('CKV_AWS_54', 'block_public_policy'),
  publicAccess('CKV_AWS_55', 'ignore_public_acls'),
  publicAccess('CKV_AWS_56', 'restrict_public_buckets'),
  bucketHas('CKV_AWS_21', 'buckets keep versions', 'aws_s3_bucket_versioning', ({ config }) =>
    is('Enabled')(at(config, 'versioning_configuration.status')),
  ),
  bucketHas(
    'CKV_AWS_145',
    'buckets are encrypted by a customer managed key',
    'aws_s3_bucket_server_side_encryption_configuration',
    ({ config }) => isSet(at(config, 'rule.apply_server_side_encryption_by_default.kms_master_key_id')),
  ),
  bucketHas('CKV_AWS_18', 'buckets log their access', 'aws_s3_bucket_logging'),
  bucketHas('CKV2_AWS_61', 'buckets have a lifecycle', 'aws_s3_bucket_lifecycle_configuration'),
  bucketHas('CKV2_AWS_62', 'buckets tell of deletions', 'aws_s3_bucket_notification'),
  bucketHas('CKV2_AWS_65', 'buckets have no ACLs', 'aws_s3_bucket_ownership_controls', ({ config }) =>
    is('BucketOwnerEnforced')(at(config, 'rule.object_ownership')),
  ),
  bucketHas('CKV_AWS_379', 'buckets refuse plain text', 'aws_s3_bucket_policy', policyDenies('aws:SecureTransport')),
  bucketHas('AURORA_TLS_1', 'buckets refuse TLS older than 1.2', 'aws_s3_bucket_policy', policyDenies('s3:TlsVersion')),
  argument(
    'CKV_AWS_300',
    'lifecycles remove incomplete uploads',
    'aws_s3_bucket_lifecycle_configuration',
    'rule.abort_incomplete_multipart_upload.days_after_initiation',
    atLeast(1),
  ),
  argument(
    'AURORA_S3_1',
    'old versions expire',
    'aws_s3_bucket_lifecycle_configuration',
    'rule.noncurrent_version_expiration.noncurrent_days',
    atLeast(1),
  ),
  argument('CKV_AWS_28', 'tables can be recovered', 'aws_dynamodb_table', 'point_in_time_recovery.enabled', isTrue),
  argument('CKV_AWS_119', 'tables use our key', 'aws_dynamodb_table', 'server_side_encryption.kms_key_arn', isSet),
  argument('CKV_AWS_7', 'keys rotate', 'aws_kms_key', 'enable_key_rotation', isTrue),
  argument('CKV2_AWS_64', 'keys have a policy', 'aws_kms_key', 'policy', isSet),
  {
    id: 'CKV_AWS_33',
    title: 'key policies name their users',
    types: ['aws_kms_key'],
    holds: (key) => statementsOf(key).every(({ Principal }) => !JSON.stringify(Principal).includes('"*"')),
  },
  argument('CKV_AWS_27', 'queues are encrypted', 'aws_sqs_queue', 'kms_master_key_id', isSet),
  argument('CKV_AWS_26', 'topics are encrypted', 'aws_sns_topic', 'kms_master_key_id', isSet),
  argument('CKV_AWS_51', 'tags of images never change', 'aws_ecr_repository', 'image_tag_mutability', is('IMMUTABLE')),
  argument(
    'CKV_AWS_163',
    'images are scanned on push',
    'aws_ecr_repository',
    'image_scanning_configuration.scan_on_push',
    isTrue,
  ),
  argument('CKV_AWS_136', 'images use our key', 'aws_ecr_repository', 'encryption_configuration.kms_key', isSet),
  argument('CKV_AWS_166', 'backups use our key', 'aws_backup_vault', 'kms_key_arn', isSet),
  argument('CKV_AWS_158', 'log groups use our key', 'aws_cloudwatch_log_group', 'kms_key_id', isSet),
  argument('CKV_AWS_338', 'log groups keep a year', 'aws_cloudwatch_log_group', 'retention_in_days', atLeast(365)),
];
