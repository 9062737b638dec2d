import { argument, at, atLeast, is, isFalse, isNotTrue, isSet, isTrue, type Rule } from './rule.ts';

const DATABASES = ['aws_rds_cluster', 'aws_db_instance'];
const TRAIL = 'aws_cloudtrail';
const EKS = 'aws_eks_cluster';
const CACHE = 'aws_elasticache_replication_group';
const EKS_LOGS = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

/** Clusters, nodes, databases, caches, load balancers, audit. */
export const SERVICE_RULES: readonly Rule[] = [
  argument('CKV_AWS_37', 'every control plane log is on', EKS, 'enabled_cluster_log_types', (value) =>
    EKS_LOGS.every((log) => (value as string[] | undefined)?.includes(log)),
  ),
  {
    id: 'CKV_AWS_38',
    title: 'a public Kubernetes API is for named ranges',
    types: [EKS],
    holds: ({ config }) => {
      const ranges = at(config, 'vpc_config.public_access_cidrs') as string[] | undefined;
      return isFalse(at(config, 'vpc_config.endpoint_public_access')) || (!!ranges && !ranges.includes('0.0.0.0/0'));
    },
  },
  argument('CKV_AWS_39', 'the Kubernetes API is private', EKS, 'vpc_config.endpoint_public_access', isFalse),
  argument('CKV_AWS_58', 'Kubernetes secrets use our key', EKS, 'encryption_config.provider.key_arn', isSet),
  argument('CKV_AWS_339', 'Kubernetes is in standard support', EKS, 'version', is('1.34', '1.35', '1.36')),
  argument('AURORA_EKS_1', 'extended support is never bought', EKS, 'upgrade_policy.support_type', is('STANDARD')),
  argument('AURORA_EKS_2', 'access goes by entries alone', EKS, 'access_config.authentication_mode', is('API')),
  argument('CKV_AWS_100', 'nodes have no SSH', 'aws_eks_node_group', 'remote_access', (value) => value === undefined),
  argument('AURORA_EKS_3', 'nodes are Graviton', 'aws_eks_node_group', 'ami_type', (value) =>
    /ARM_64/.test(String(value)),
  ),
  argument('CKV_AWS_79', 'nodes speak IMDSv2', 'aws_launch_template', 'metadata_options.http_tokens', is('required')),
  argument(
    'CKV_AWS_341',
    'pods cannot reach the metadata of nodes',
    'aws_launch_template',
    'metadata_options.http_put_response_hop_limit',
    is(1),
  ),
  {
    id: 'CKV_AWS_8',
    title: 'volumes of nodes are encrypted',
    types: ['aws_launch_template'],
    holds: ({ config }) =>
      (config['block_device_mappings'] as unknown[] | undefined)?.every((disk) => isTrue(at(disk, 'ebs.encrypted'))) ??
      false,
  },
  argument(
    'CKV_AWS_88',
    'launch templates give no public address',
    'aws_launch_template',
    'network_interfaces.associate_public_ip_address',
    isNotTrue,
  ),
  argument('CKV_AWS_96', 'databases are encrypted', DATABASES, 'storage_encrypted', isTrue),
  argument('CKV_AWS_327', 'databases use our key', DATABASES, 'kms_key_id', isSet),
  argument('CKV_AWS_162', 'databases take IAM sign-in', DATABASES, 'iam_database_authentication_enabled', isTrue),
  argument('CKV_AWS_139', 'databases are protected from deletion', DATABASES, 'deletion_protection', isTrue),
  argument('CKV_AWS_133', 'databases are backed up', DATABASES, 'backup_retention_period', atLeast(7)),
  argument('CKV_AWS_313', 'snapshots carry tags', DATABASES, 'copy_tags_to_snapshot', isTrue),
  argument('AURORA_RDS_1', 'Secrets Manager keeps the password', DATABASES, 'manage_master_user_password', isTrue),
  argument('AURORA_RDS_2', 'a final snapshot is taken', DATABASES, 'skip_final_snapshot', isFalse),
  argument(
    'CKV_AWS_17',
    'databases are not public',
    ['aws_db_instance', 'aws_rds_cluster_instance'],
    'publicly_accessible',
    isFalse,
  ),
  argument('CKV_AWS_157', 'PostgreSQL spans zones', 'aws_db_instance', 'multi_az', isTrue),
  argument(
    'CKV_AWS_353',
    'databases measure themselves',
    ['aws_db_instance', 'aws_rds_cluster_instance'],
    'performance_insights_enabled',
    isTrue,
  ),
  argument(
    'CKV_AWS_118',
    'databases have enhanced monitoring',
    ['aws_db_instance', 'aws_rds_cluster_instance'],
    'monitoring_interval',
    atLeast(1),
  ),
  argument('CKV_AWS_29', 'caches are encrypted at rest', CACHE, 'at_rest_encryption_enabled', isTrue),
  argument('CKV_AWS_30', 'caches speak TLS', CACHE, 'transit_encryption_enabled', isTrue),
  {
    id: 'CKV_AWS_31',
    title: 'caches ask who is there',
    types: [CACHE],
    holds: ({ config }) => isSet(config['auth_token']) || isSet(at(config, 'user_group_ids')),
  },
  argument('CKV_AWS_191', 'caches use our key', CACHE, 'kms_key_id', isSet),
  argument('CKV2_AWS_50', 'caches fail over', CACHE, 'automatic_failover_enabled', isTrue),
  argument('CKV_AWS_47', 'DAX is encrypted at rest', 'aws_dax_cluster', 'server_side_encryption.enabled', isTrue),
  argument('CKV_AWS_239', 'DAX speaks TLS', 'aws_dax_cluster', 'cluster_endpoint_encryption_type', is('TLS')),
  argument('CKV_AWS_91', 'load balancers log', 'aws_lb', 'access_logs.enabled', isTrue),
  argument('CKV_AWS_131', 'load balancers drop bad headers', 'aws_lb', 'drop_invalid_header_fields', isTrue),
  argument('CKV_AWS_150', 'load balancers are protected from deletion', 'aws_lb', 'enable_deletion_protection', isTrue),
  argument('CKV_AWS_103', 'listeners speak TLS 1.2 or newer', 'aws_lb_listener', 'ssl_policy', (value) =>
    String(value).startsWith('ELBSecurityPolicy-TLS13-1-2'),
  ),
  argument('CKV_AWS_67', 'the trail covers all regions', TRAIL, 'is_multi_region_trail', isTrue),
  argument('CKV_AWS_36', 'the trail is sealed', TRAIL, 'enable_log_file_validation', isTrue),
  argument('CKV_AWS_35', 'the trail uses our key', TRAIL, 'kms_key_id', isSet),
];
