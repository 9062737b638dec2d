import { describe, expect, test } from '@jest/globals';
import { byType, exampleEnvironment, synthesizeEnvironment } from '../stacks/testing/synthesize.ts';

const json = synthesizeEnvironment(exampleEnvironment('poc'));
const poc = byType(json);
const production = byType(synthesizeEnvironment(exampleEnvironment('production')));
const { resource } = JSON.parse(json) as { resource: Record<string, Record<string, { depends_on?: string[] }>> };

/** Everything that must stand before a resource, however far back. */
function standsOn(address: string, seen = new Set<string>()): Set<string> {
  const [type = '', id = ''] = address.split(/\.(.*)/);
  const config = resource[type]?.[id];
  const direct = [...(config?.depends_on ?? []), ...(JSON.stringify(config ?? {}).match(/aws_\w+\.[\w-]+/g) ?? [])];
  for (const one of direct) {
    if (seen.has(one) || one === address) continue;
    seen.add(one);
    standsOn(one, seen);
  }
  return seen;
}

const addon = (name: string) =>
  `aws_eks_addon.${Object.entries(resource['aws_eks_addon'] ?? {}).find(([, one]) => (one as { addon_name?: string }).addon_name === name)?.[0]}`;
const only = (type: string) => `${type}.${Object.keys(resource[type] ?? {})[0]}`;

describe('cluster', () => {
  test('comes to life in order: network add-ons, nodes, what runs on nodes', () => {
    const nodes = only('aws_eks_node_group');
    for (const name of ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent']) {
      expect(standsOn(nodes)).toContain(addon(name));
      expect(standsOn(addon(name))).toContain(only('aws_eks_cluster'));
    }
    for (const name of ['coredns', 'aws-ebs-csi-driver', 'metrics-server'])
      expect(standsOn(addon(name))).toContain(nodes);
  });

  test('what is installed waits for nodes, add-ons, access and every role, and is destroyed before them', () => {
    for (const id of Object.keys(resource['kubernetes_namespace'] ?? {})) {
      const needed = standsOn(`kubernetes_namespace.${id}`);
      expect(needed).toContain(only('aws_eks_node_group'));
      expect(needed).toContain(addon('coredns'));
      for (const type of ['aws_eks_access_policy_association', 'aws_eks_pod_identity_association']) {
        for (const one of Object.keys(resource[type] ?? {})) expect(needed).toContain(`${type}.${one}`);
      }
    }
  });

  test('lets the role that deploys in, and not whoever made it', () => {
    expect(poc['aws_eks_cluster']).toMatchObject([
      { access_config: { authentication_mode: 'API', bootstrap_cluster_creator_admin_permissions: false } },
    ]);
    expect(poc['aws_eks_access_policy_association']).toMatchObject([
      { principal_arn: expect.stringContaining('issuer_arn'), access_scope: { type: 'cluster' } },
    ]);
  });

  test('further administrators are named by the environment', () => {
    const arn = 'arn:aws:iam::111122223333:role/platform/on-call';
    const found = byType(synthesizeEnvironment(exampleEnvironment('poc', { adminRoleArns: [arn] })));
    expect(found['aws_eks_access_entry']?.map((one) => one['principal_arn'])).toContain(arn);
  });
});

describe('nodes', () => {
  test('of poc are spot in one zone, because volumes must be found again', () => {
    expect(poc['aws_eks_node_group']).toMatchObject([
      { capacity_type: 'SPOT', scaling_config: { min_size: 0, desired_size: 1, max_size: 2 } },
    ]);
    expect(poc['aws_eks_node_group']?.[0]?.['subnet_ids']).toHaveLength(1);
  });

  test('of production are on demand in three zones, and Karpenter hears of interruptions', () => {
    expect(production['aws_eks_node_group']).toMatchObject([{ capacity_type: 'ON_DEMAND' }]);
    expect(production['aws_eks_node_group']?.[0]?.['subnet_ids']).toHaveLength(3);
    const queue = production['aws_sqs_queue']?.find((one) => one['name'] === 'aurora-logs-production-interruptions');
    expect(queue).toMatchObject({ message_retention_seconds: 300 });
    const events = (production['aws_cloudwatch_event_rule'] ?? []).map((one) =>
      JSON.parse(String(one['event_pattern'])),
    );
    expect(events.map((event) => event['detail-type'][0])).toContain('EC2 Spot Instance Interruption Warning');
    expect(poc['aws_sqs_queue']?.map((one) => one['name'])).not.toContain('aurora-logs-poc-interruptions');
  });

  test('keep their size when a deployment meets a night or an incident', () => {
    expect(poc['aws_eks_node_group']?.[0]?.['lifecycle']).toEqual({
      ignore_changes: ['scaling_config[0].desired_size', 'scaling_config[0].min_size'],
    });
  });

  test('sleep at night and at weekends together with the source they read', () => {
    const schedules = Object.fromEntries(
      (poc['aws_scheduler_schedule'] ?? []).map((one) => [one['name'], one as Record<string, unknown>]),
    );
    const input = (name: string) =>
      JSON.parse(String((schedules[name]?.['target'] as { input: string } | undefined)?.input));
    expect(input('aurora-logs-poc-stop-nodes')).toMatchObject({ ScalingConfig: { MinSize: 0, DesiredSize: 0 } });
    expect(input('aurora-logs-poc-start-nodes')).toMatchObject({ ScalingConfig: { DesiredSize: 1 } });
    expect(input('aurora-logs-poc-stop-source')).toEqual({ DbClusterIdentifier: 'aurora-logs-poc-source' });
    const at = (name: string) => schedules[name]?.['schedule_expression'];
    expect(at('aurora-logs-poc-stop-nodes')).toBe(at('aurora-logs-poc-stop-source'));
    expect(at('aurora-logs-poc-start-nodes')).toBe(at('aurora-logs-poc-start-source'));
    expect(production['aws_scheduler_schedule']).toBeUndefined();
  });
});
