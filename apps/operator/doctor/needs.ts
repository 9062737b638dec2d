import type { EnvironmentDesign } from '../../../stacks/environments.ts';
import { instanceType } from '../cost/price-book.ts';
import { textOf } from '../cost/resource.ts';
import { resourcesOf, type StackFile } from '../cost/synthesized.ts';

/** A limit of the account and what a deployment takes of it. */
export interface QuotaNeed {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly need: number;
  /** What is in use already is counted for these; for the others the limit alone is compared. */
  readonly used?: 'vpcs' | 'addresses';
}

/** What a stack needs to find in the account before it is deployed. */
export interface DeployNeeds {
  readonly stack: string;
  readonly region: string;
  /** The account guard: the only accounts that the provider accepts. */
  readonly accountIds: readonly string[];
  readonly buckets: readonly string[];
  /** Where the Terraform state lies; absent for a local state. */
  readonly state: { readonly bucket: string; readonly key: string } | undefined;
  /** Kubernetes version of the cluster, `1.35`; absent where the stack has none. */
  readonly kubernetes: string | undefined;
  readonly quotas: readonly QuotaNeed[];
}

/** Reads the needs off a synthesized stack. Pure. */
export function needsOfStack(stack: string, file: StackFile, design: EnvironmentDesign | undefined): DeployNeeds {
  const resources = resourcesOf(file);
  const main = file.provider['aws']?.[0];
  const region = String(main?.['region'] ?? '');
  const buckets = resources
    .filter(({ type }) => type === 'aws_s3_bucket')
    .map((bucket) => textOf(bucket, 'bucket') ?? '')
    .filter((name) => name !== '' && !name.includes('${'));
  const backend = file.terraform.backend['s3'];
  return {
    stack,
    region,
    accountIds: ((main?.['allowed_account_ids'] ?? []) as unknown[]).map(String),
    buckets,
    state: backend && {
      bucket: String(backend['bucket']),
      key: String(backend['key']),
    },
    kubernetes: textOf(
      resources.find(({ type }) => type === 'aws_eks_cluster'),
      'version',
    ),
    quotas: quotasOf((type) => resources.filter((resource) => resource.type === type).length, design),
  };
}

function quotasOf(count: (type: string) => number, design: EnvironmentDesign | undefined): QuotaNeed[] {
  const { onDemand, spot } = vcpusOf(design);
  const zones = Math.max(1, design?.zones ?? 1);
  const quotas: QuotaNeed[] = [
    { service: 'vpc', code: 'L-F678F1CE', name: 'VPCs', need: count('aws_vpc'), used: 'vpcs' },
    { service: 'ec2', code: 'L-0263D0A3', name: 'Elastic IP addresses', need: count('aws_eip'), used: 'addresses' },
    {
      service: 'vpc',
      code: 'L-FE5A380F',
      name: 'NAT gateways per zone',
      need: Math.ceil(count('aws_nat_gateway') / zones),
    },
    { service: 'ec2', code: 'L-1216C47A', name: 'vCPU of on-demand standard instances', need: onDemand },
    { service: 'ec2', code: 'L-34B43A08', name: 'vCPU of spot standard instances', need: spot },
    { service: 'eks', code: 'L-1194D53C', name: 'EKS clusters', need: count('aws_eks_cluster') },
  ];
  return quotas.filter(({ need }) => need > 0);
}

/** The most that the node group and Karpenter may start; Karpenter may start all of its share either way. */
function vcpusOf(design: EnvironmentDesign | undefined): { onDemand: number; spot: number } {
  if (!design) return { onDemand: 0, spot: 0 };
  const { nodes, karpenterMaxVcpu } = design.kubernetes;
  const group = nodes.max * Math.max(...nodes.instanceTypes.slice(0, 1).map((type) => instanceType(type).vcpu));
  return {
    onDemand: (nodes.capacity === 'ON_DEMAND' ? group : 0) + karpenterMaxVcpu,
    spot: (nodes.capacity === 'SPOT' ? group : 0) + karpenterMaxVcpu,
  };
}
