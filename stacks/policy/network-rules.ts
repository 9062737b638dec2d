import { argument, companion, isNotTrue, isSet, type Rule } from './rule.ts';

/** Networks and who may reach what. */
export const NETWORK_RULES: readonly Rule[] = [
  argument('CKV_AWS_130', 'subnets give no public address', 'aws_subnet', 'map_public_ip_on_launch', isNotTrue),
  {
    id: 'CKV2_AWS_11',
    title: 'networks log their flows',
    types: ['aws_vpc'],
    holds: (vpc, stack) => companion(stack, vpc, 'aws_flow_log', 'vpc_id') !== undefined,
  },
  {
    id: 'CKV2_AWS_12',
    title: 'the default group of a network is closed',
    types: ['aws_vpc'],
    holds: (vpc, stack) => {
      const group = companion(stack, vpc, 'aws_default_security_group', 'vpc_id');
      return group !== undefined && !isSet(group.config['ingress']) && !isSet(group.config['egress']);
    },
  },
  argument(
    'CKV_AWS_23',
    'every rule of a security group says why',
    ['aws_security_group', 'aws_vpc_security_group_ingress_rule', 'aws_vpc_security_group_egress_rule'],
    'description',
    isSet,
  ),
  argument(
    'CKV_AWS_260',
    'nothing is open to the internet',
    'aws_vpc_security_group_ingress_rule',
    'cidr_ipv4',
    (value) => value !== '0.0.0.0/0',
  ),
  {
    id: 'CKV_AWS_382',
    title: 'no group may send everything everywhere',
    types: ['aws_vpc_security_group_egress_rule'],
    holds: ({ config }) => config['cidr_ipv4'] !== '0.0.0.0/0' || config['ip_protocol'] !== '-1',
  },
  {
    id: 'CKV2_AWS_28',
    title: 'public load balancers have a web firewall',
    types: ['aws_lb'],
    holds: (balancer, stack) =>
      companion(stack, balancer, 'aws_wafv2_web_acl_association', 'resource_arn') !== undefined,
  },
  {
    id: 'CKV2_AWS_31',
    title: 'web firewalls log',
    types: ['aws_wafv2_web_acl'],
    holds: (acl, stack) =>
      companion(stack, acl, 'aws_wafv2_web_acl_logging_configuration', 'resource_arn') !== undefined,
  },
  {
    id: 'AURORA_WAF_1',
    title: 'web firewalls limit the rate of one address',
    types: ['aws_wafv2_web_acl'],
    holds: ({ config }) => JSON.stringify(config['rule'] ?? []).includes('"rate_based_statement"'),
  },
];
