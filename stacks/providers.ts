import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider/index.js';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider/index.js';
import { S3Backend, type TerraformStack } from 'cdktf';
import { accountNames, PREFIX } from './names.ts';

export interface Tags {
  readonly owner: string;
  readonly costCentre: string;
  readonly environment: string;
}

/** The tags that every resource carries; costs, backups and AWS Config go by them. */
export function resourceTags(tags: Tags): Record<string, string> {
  return { owner: tags.owner, 'cost-centre': tags.costCentre, environment: tags.environment, service: PREFIX };
}

export const REQUIRED_TAGS = ['owner', 'cost-centre', 'environment', 'service'] as const;

/** The AWS provider of a stack: refuses credentials of another account and tags everything. */
export function awsProvider(
  stack: TerraformStack,
  props: { accountId: string; region: string; tags: Record<string, string>; alias?: string; assumeRoleArn?: string },
): AwsProvider {
  return new AwsProvider(stack, props.alias ?? 'aws', {
    region: props.region,
    allowedAccountIds: [props.accountId],
    defaultTags: [{ tags: props.tags }],
    ...(props.alias === undefined ? {} : { alias: props.alias }),
    ...(props.assumeRoleArn === undefined ? {} : { assumeRole: [{ roleArn: props.assumeRoleArn }] }),
  });
}

/** State in the bucket of `bootstrap`, under its key; locked in DynamoDB and by a lock file beside the state. */
export function stateInS3(stack: TerraformStack, props: { accountId: string; region: string; name: string }): void {
  const { stateBucket, lockTable } = accountNames(props.accountId);
  const backend = new S3Backend(stack, {
    bucket: stateBucket,
    key: `${props.name}.tfstate`,
    region: props.region,
    // Without a key here Terraform would ask for S3's own and override the bucket's.
    encrypt: true,
    kmsKeyId: `alias/${PREFIX}-account`,
    dynamodbTable: lockTable,
    allowedAccountIds: [props.accountId],
  });
  backend.addOverride('use_lockfile', true);
}

/** Providers that speak to the cluster, with a token that is made anew for every call: a stored one dies in 15 minutes. */
export function clusterProviders(
  stack: TerraformStack,
  cluster: { name: string; endpoint: string; certificateAuthority: string; region: string },
): void {
  const connection = {
    host: cluster.endpoint,
    clusterCaCertificate: cluster.certificateAuthority,
  };
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'aws',
    args: ['eks', 'get-token', '--cluster-name', cluster.name, '--region', cluster.region, '--output', 'json'],
  };
  new KubernetesProvider(stack, 'kubernetes', { ...connection, exec: [exec] });
  new HelmProvider(stack, 'helm', { kubernetes: { ...connection, exec } });
}

/** The Terraform that write-only attributes and the lock file need. */
export function requireTerraform(stack: TerraformStack): void {
  stack.addOverride('terraform.required_version', '>= 1.11.0, < 2.0.0');
}
