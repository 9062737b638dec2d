import { assume } from './assumptions.ts';
import { FREE_TYPES } from './free-types.ts';
import { instanceLine, type Line, line, MONTH_HOURS, type Section } from './line.ts';
import { countOf, listOf, numberOf, type Resource, referenced, textOf } from './resource.ts';

/** What a pricer may look at beside its resource. */
export interface Surroundings {
  readonly resources: readonly Resource[];
  /** Hours of the month in which what sleeps is awake. */
  readonly awakeHours: number;
  /** Nodes of the fixed group: what is desired, or what the pods need when that is more. */
  readonly fixedNodes: number;
}

type Pricer = (resource: Resource, around: Surroundings) => Line[];

/**
 * What a resource type costs: by its arguments, by what flows through it (the section of `flow-lines.ts` or
 * `account-lines.ts` that prices it), or nothing, and why.
 */
export type Pricing = { readonly price: Pricer } | { readonly flow: Section } | { readonly free: string };

const each = (price: Pricer): Pricing => ({ price });
const flow = (section: Section): Pricing => ({ flow: section });

function nodeGroup(resource: Resource, { resources, awakeHours, fixedNodes }: Surroundings): Line[] {
  const type = String(listOf(resource, 'instance_types')[0]);
  const template = referenced(resources, 'aws_launch_template', JSON.stringify(resource.properties['launch_template']));
  const disk = diskGib(template) ?? numberOf(resource, 'disk_size') ?? 20;
  const hours = fixedNodes * awakeHours;
  const spot = textOf(resource, 'capacity_type') === 'SPOT' ? 1 : 0;
  return [
    instanceLine(`node group, ${fixedNodes} x ${type}`, type, hours, spot),
    line('Volumes', 'root volumes of the node group', 'ebs.gp3', (disk * hours) / MONTH_HOURS),
  ];
}

/** All volumes that a launch template gives a node. */
function diskGib(template: Resource | undefined): number | undefined {
  const mappings = countOf(template, 'block_device_mappings');
  if (mappings === 0) return undefined;
  const sizes = Array.from({ length: mappings }, (_, index) =>
    numberOf(template, `block_device_mappings.${index}.ebs.volume_size`),
  );
  return sizes.reduce<number>((total, size) => total + (size ?? 0), 0);
}

/** RDS keeps the password that it manages as a secret, which is no resource of the stack. */
function managedSecret(resource: Resource): Line[] {
  if (resource.properties['manage_master_user_password'] !== true) return [];
  return [line('Security and audit', 'secret that RDS manages', 'secrets.secret', 1)];
}

function interfaceEndpoint(resource: Resource): Line[] {
  if (textOf(resource, 'vpc_endpoint_type') !== 'Interface') return [];
  const service = textOf(resource, 'service_name')?.split('.').at(-1) ?? resource.id;
  const zones = Math.max(1, listOf(resource, 'subnet_ids').length);
  return [line('Network', `interface endpoint ${service}`, 'endpoint.hour', zones * MONTH_HOURS)];
}

function cacheGroup(resource: Resource): Line[] {
  const type = textOf(resource, 'node_type') ?? 'without a node type';
  const nodes = numberOf(resource, 'num_cache_clusters') ?? 1;
  return [line('Cache', `Valkey, ${nodes} x ${type}`, `elasticache.${type}`, nodes * MONTH_HOURS)];
}

function daxCluster(resource: Resource): Line[] {
  const type = textOf(resource, 'node_type') ?? 'without a node type';
  const nodes = numberOf(resource, 'replication_factor') ?? 1;
  return [line('Cache', `DAX, ${nodes} x ${type}`, `dax.${type}`, nodes * MONTH_HOURS)];
}

function auroraInstance(resource: Resource, { resources, awakeHours }: Surroundings): Line[] {
  const type = textOf(resource, 'instance_class') ?? '';
  if (type !== 'db.serverless') return [line('Databases', `Aurora ${type}`, `aurora.${type}`, awakeHours)];
  const cluster = referenced(resources, 'aws_rds_cluster', JSON.stringify(resource.properties['cluster_identifier']));
  const least = numberOf(cluster, 'serverlessv2_scaling_configuration.min_capacity') ?? 0;
  const hours = Math.max(least * awakeHours, assume('auroraAcuHours'));
  return [line('Databases', 'Aurora Serverless v2, awake now and then', 'aurora.acu', hours)];
}

function postgres(resource: Resource): Line[] {
  const type = textOf(resource, 'instance_class') ?? '';
  const zones = resource.properties['multi_az'] === true ? 2 : 1;
  const gib = numberOf(resource, 'allocated_storage') ?? 20;
  return [
    line('Databases', `PostgreSQL ${type}, ${zones} zone(s)`, `rds.${type}`, zones * MONTH_HOURS),
    line('Databases', 'PostgreSQL storage', 'rds.gp3', zones * gib),
    ...managedSecret(resource),
  ];
}

function auroraCluster(resource: Resource): Line[] {
  return [
    line('Databases', 'Aurora storage', 'aurora.storage', assume('auroraStorageGb')),
    line('Databases', 'Aurora I/O', 'aurora.io', assume('auroraIoMillions') * 1e6),
    ...managedSecret(resource),
  ];
}

function webAcl(resource: Resource): Line[] {
  return [
    line('Security and audit', 'WAF web ACL', 'waf.acl', 1),
    line('Security and audit', 'WAF rules', 'waf.rule', countOf(resource, 'rule')),
    line('Security and audit', 'WAF requests', 'waf.requests', assume('searchPageRequests')),
  ];
}

const one = (section: Section, item: string, price: string): Pricing => each(() => [line(section, item, price, 1)]);
const hourly = (section: Section, item: string, price: string): Pricing =>
  each(() => [line(section, item, price, MONTH_HOURS)]);

/** Every resource type that the stacks may hold. A type that is not here fails the model, so no cost is forgotten. */
export const RESOURCE_TYPES: Readonly<Record<string, Pricing>> = {
  aws_eks_cluster: hourly('EKS control plane', 'EKS control plane, standard support', 'eks.cluster'),
  aws_eks_node_group: each(nodeGroup),
  aws_nat_gateway: hourly('Network', 'NAT gateway', 'nat.hour'),
  aws_eip: hourly('Network', 'public IPv4 address', 'ec2.public-ipv4'),
  aws_vpc_endpoint: each(interfaceEndpoint),
  aws_lb: hourly('Network', 'load balancer', 'alb.hour'),
  aws_kms_key: one('Security and audit', 'KMS key', 'kms.key'),
  aws_kms_replica_key: one('Security and audit', 'KMS replica key', 'kms.key'),
  aws_secretsmanager_secret: one('Security and audit', 'secret', 'secrets.secret'),
  aws_elasticache_replication_group: each(cacheGroup),
  aws_elasticache_serverless_cache: each(() => [
    line('Cache', 'Valkey serverless, least size', 'elasticache.serverless-storage', 0.1 * MONTH_HOURS),
  ]),
  aws_dax_cluster: each(daxCluster),
  aws_rds_cluster: each(auroraCluster),
  aws_rds_cluster_instance: each(auroraInstance),
  aws_db_instance: each(postgres),
  aws_cloudwatch_metric_alarm: one('Monitoring and backup', 'alarm', 'cloudwatch.alarm'),
  aws_cloudwatch_composite_alarm: one('Monitoring and backup', 'composite alarm', 'cloudwatch.composite-alarm'),
  aws_cloudwatch_dashboard: one('Monitoring and backup', 'dashboard', 'cloudwatch.dashboard'),
  aws_wafv2_web_acl: each(webAcl),
  aws_route53_zone: one('Network', 'hosted zone', 'route53.zone'),
  aws_route53_health_check: one('Monitoring and backup', 'health check', 'route53.health-check'),
  aws_s3_bucket: flow('S3 archive'),
  aws_s3_bucket_replication_configuration: flow('S3 replica'),
  aws_dynamodb_table: flow('DynamoDB'),
  aws_flow_log: flow('Monitoring and backup'),
  aws_cloudwatch_log_group: flow('Monitoring and backup'),
  aws_cloudtrail: flow('Security and audit'),
  aws_guardduty_detector: flow('Security and audit'),
  aws_guardduty_detector_feature: flow('Security and audit'),
  aws_securityhub_account: flow('Security and audit'),
  aws_config_configuration_recorder: flow('Security and audit'),
  aws_config_config_rule: flow('Security and audit'),
  aws_backup_plan: flow('Monitoring and backup'),
  aws_ecr_repository: flow('Monitoring and backup'),
  aws_sns_topic_subscription: flow('Monitoring and backup'),
  ...Object.fromEntries(Object.entries(FREE_TYPES).map(([type, free]) => [type, { free }])),
};

/** Lines of one resource by its own arguments; none for what is free or metered. Throws for a type nobody priced. */
export function linesOf(resource: Resource, around: Surroundings): Line[] {
  const pricing = RESOURCE_TYPES[resource.type];
  if (!pricing) {
    throw new Error(`${resource.type} (${resource.id}) has no price: add it to apps/operator/cost/resources.ts`);
  }
  return 'price' in pricing ? pricing.price(resource, around) : [];
}
