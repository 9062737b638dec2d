import { describe, expect, test } from '@jest/globals';
import { byType, exampleEnvironment, synthesizeEnvironment } from '../stacks/testing/synthesize.ts';

const poc = byType(synthesizeEnvironment(exampleEnvironment('poc')));
const production = byType(synthesizeEnvironment(exampleEnvironment('production')));

const ofSubnet = (resources: typeof poc, tier: string) =>
  (resources['aws_subnet'] ?? []).filter((one) => JSON.stringify(one['tags']).includes(`-${tier}-`));

describe('network', () => {
  test('gives each zone its own subnet of every tier', () => {
    expect(ofSubnet(poc, 'public').map((one) => one['availability_zone'])).toEqual(['eu-central-1a', 'eu-central-1b']);
    expect(ofSubnet(poc, 'private')).toEqual([]);
    expect(ofSubnet(production, 'private').map((one) => one['cidr_block'])).toEqual([
      '10.1.64.0/20',
      '10.1.80.0/20',
      '10.1.96.0/20',
    ]);
    expect(ofSubnet(production, 'database').map((one) => one['cidr_block'])).toEqual([
      '10.1.128.0/24',
      '10.1.129.0/24',
      '10.1.130.0/24',
    ]);
  });

  test('databases have no way out', () => {
    const routed = (production['aws_route_table_association'] ?? []).map((one) => String(one['subnet_id']));
    expect(routed.length).toBe(6);
    expect(routed.filter((id) => id.includes('database'))).toEqual([]);
  });

  test('poc pays for no gateway; production downloads logs through an endpoint, not through NAT', () => {
    expect(poc['aws_nat_gateway']).toBeUndefined();
    const services = (resources: typeof poc) => (resources['aws_vpc_endpoint'] ?? []).map((one) => one['service_name']);
    expect(services(poc)).toEqual(['com.amazonaws.eu-central-1.dynamodb', 'com.amazonaws.eu-central-1.s3']);
    expect(production['aws_nat_gateway']).toHaveLength(3);
    expect(services(production)).toContain('com.amazonaws.eu-central-1.rds');
  });

  test('the endpoint of RDS lets no change of a database pass', () => {
    const rds = production['aws_vpc_endpoint']?.find((one) => String(one['service_name']).endsWith('.rds'));
    const actions = JSON.parse(String(rds?.['policy'])).Statement[0].Action as string[];
    expect(actions).toContain('rds:DownloadDBLogFilePortion');
    expect(actions.filter((action) => !/^rds:(Describe|Download)/.test(action))).toEqual([]);
  });

  test('nothing outside may connect unless a range is named', () => {
    const ranges = (resources: typeof poc) =>
      (resources['aws_vpc_security_group_ingress_rule'] ?? []).flatMap((one) => one['cidr_ipv4'] ?? []);
    expect(ranges(poc)).toEqual([]);
    expect(ranges(production)).toEqual(['203.0.113.0/24']);
    const named = byType(synthesizeEnvironment(exampleEnvironment('poc', { searchCidrs: ['198.51.100.0/24'] })));
    expect(named['aws_vpc_security_group_ingress_rule']?.filter((one) => one['cidr_ipv4'])).toMatchObject([
      { cidr_ipv4: '198.51.100.0/24', from_port: 30_080, to_port: 30_080, ip_protocol: 'tcp' },
    ]);
  });

  test('the Kubernetes API is open to the named ranges only, and private without any', () => {
    expect(poc['aws_eks_cluster']).toMatchObject([
      { vpc_config: { endpoint_public_access: true, public_access_cidrs: ['203.0.113.0/24'] } },
    ]);
    expect(production['aws_eks_cluster']).toMatchObject([{ vpc_config: { endpoint_public_access: false } }]);
  });
});

describe('edge', () => {
  const address = { hostname: undefined, hostedZoneId: undefined };

  test('is there where there is a name for it', () => {
    expect(production['aws_lb']).toHaveLength(1);
    expect(
      byType(synthesizeEnvironment({ ...exampleEnvironment('production'), ...address }))['aws_lb'],
    ).toBeUndefined();
    expect(poc['aws_lb']).toBeUndefined();
  });

  test('limits each address to 2,000 requests in five minutes', () => {
    const rules = production['aws_wafv2_web_acl']?.[0]?.['rule'] as {
      name: string;
      statement: unknown;
      action: unknown;
    }[];
    expect(rules.find(({ name }) => name === 'rate')).toMatchObject({
      action: { block: {} },
      statement: { rate_based_statement: { limit: 2000, evaluation_window_sec: 300, aggregate_key_type: 'IP' } },
    });
  });
});
