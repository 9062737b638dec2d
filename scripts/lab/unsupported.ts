/**
 * Resource types that the emulator (moto 5.2) cannot create or read, with what happens. Everything else is applied for real.
 * A longer list is a lesser proof: the lab fails when a stack loses more types than these.
 */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  aws_backup_plan: 'needs its vault',
  aws_backup_selection: 'no such call',
  aws_backup_vault: 'cannot be emptied',
  aws_budgets_budget: 'no tags of budgets',
  aws_ce_anomaly_monitor: 'no such call',
  aws_ce_anomaly_subscription: 'needs its monitor',
  aws_cloudtrail: 'logging does not start',
  aws_eks_access_entry: 'no such call',
  aws_eks_access_policy_association: 'no such call',
  aws_eks_addon: 'no such call',
  aws_eks_pod_identity_association: 'no such call',
  aws_elasticache_parameter_group: 'no such call',
  aws_elasticache_replication_group: 'its member clusters are not found again',
  aws_elasticache_subnet_group: 'cannot be deleted',
  aws_elasticache_user_group: 'no such call',
  aws_guardduty_detector_feature: 'features are not read back',
  aws_securityhub_account: 'its configuration cannot be changed',
  aws_securityhub_standards_subscription: 'needs its account',
  kubernetes_namespace: 'there is no Kubernetes behind the emulated cluster',
  kubernetes_storage_class: 'there is no Kubernetes behind the emulated cluster',
};

/** At most so many types of poc may be left out. */
export const MAX_UNSUPPORTED = 20;

/** The types of a stack that are left out. */
export function unsupportedIn(types: readonly string[]): string[] {
  return types.filter((type) => type in UNSUPPORTED).sort();
}

/** Arguments that the emulator does not give back as it took them: the second plan would want to set them again, so it overlooks them. */
export const FORGOTTEN: Readonly<Record<string, readonly string[]>> = {
  aws_dynamodb_table: ['on_demand_throughput'],
  aws_eks_cluster: ['access_config', 'tags', 'tags_all', 'upgrade_policy', 'vpc_config'],
  aws_eks_node_group: ['launch_template', 'node_repair_config', 'remote_access', 'tags', 'tags_all', 'update_config'],
  aws_flow_log: ['deliver_cross_account_role', 'destination_options', 'iam_role_arn', 'tags', 'tags_all'],
  aws_kms_key: ['rotation_period_in_days'],
  aws_launch_template: ['tag_specifications'],
  aws_rds_cluster: ['scaling_configuration'],
  aws_rds_cluster_instance: [
    'monitoring_interval',
    'monitoring_role_arn',
    'performance_insights_enabled',
    'performance_insights_kms_key_id',
    'performance_insights_retention_period',
  ],
  aws_vpc_security_group_egress_rule: ['description'],
  aws_vpc_security_group_ingress_rule: ['description'],
};
