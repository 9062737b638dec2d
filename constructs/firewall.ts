import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js';
import { Construct } from 'constructs';

export interface FirewallProps {
  readonly prefix: string;
  readonly vpcId: string;
  /** The range of the VPC, which may reach the endpoints. */
  readonly vpcCidr: string;
}

const ROLES = {
  nodes: 'Kubernetes nodes and their pods',
  'control-plane': 'Interfaces of the EKS control plane',
  cache: 'Cache of RDS API answers',
  database: 'Aurora source and the PostgreSQL of OpenObserve',
} as const;
type Role = keyof typeof ROLES;
type Group = Role | 'edge' | 'endpoints';

/** A way between two security groups, or between a group and a range. */
interface Flow {
  readonly name: string;
  readonly to: Group;
  readonly from: Group;
  /** First and last port; -1 for all protocols. */
  readonly ports: readonly [number, number];
}

const FLOWS: readonly Flow[] = [
  { name: 'nodes-each-other', from: 'nodes', to: 'nodes', ports: [-1, -1] },
  { name: 'api', from: 'nodes', to: 'control-plane', ports: [443, 443] },
  { name: 'kubelet', from: 'control-plane', to: 'nodes', ports: [10_250, 10_250] },
  // Webhooks and aggregated APIs listen where their charts say; 443 and the unprivileged ports.
  { name: 'webhooks-https', from: 'control-plane', to: 'nodes', ports: [443, 443] },
  { name: 'webhooks', from: 'control-plane', to: 'nodes', ports: [4443, 9443] },
  { name: 'valkey', from: 'nodes', to: 'cache', ports: [6379, 6380] },
  { name: 'mysql', from: 'nodes', to: 'database', ports: [3306, 3306] },
  { name: 'postgresql', from: 'nodes', to: 'database', ports: [5432, 5432] },
];

/** One named security group per role, with a rule per way that traffic takes. Only nodes may start a connection outward. */
export class Firewall extends Construct {
  /** Security group of the nodes. */
  readonly nodesId: string;
  /** Security group of the control plane. */
  readonly controlPlaneId: string;
  /** Security group of the cache. */
  readonly cacheId: string;
  /** Security group of the databases. */
  readonly databaseId: string;
  private readonly groups = new Map<Group, string>();
  private readonly props: FirewallProps;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    this.props = props;
    for (const [role, description] of Object.entries(ROLES)) this.group(role as Role, description);
    this.nodesId = this.idOf('nodes');
    this.controlPlaneId = this.idOf('control-plane');
    this.cacheId = this.idOf('cache');
    this.databaseId = this.idOf('database');
    for (const flow of FLOWS) this.allow(flow);
    this.allowOut('https-out', 'Registries and AWS', 443, 'tcp', '0.0.0.0/0');
    this.allowOut('dns-udp', 'Resolver of the VPC', 53, 'udp', props.vpcCidr);
    this.allowOut('dns-tcp', 'Resolver of the VPC', 53, 'tcp', props.vpcCidr);
  }

  /** Lets `cidrs` reach one port of the nodes. */
  openNodePort(name: string, port: number, cidrs: readonly string[]): void {
    for (const cidr of cidrs)
      this.ingressFrom(`${name}-${idPart(cidr)}`, this.nodesId, cidr, port, `${name} for ${cidr}`);
  }

  /** A group for a load balancer that `cidrs` reach on 443 and that reaches the nodes on `port`. */
  openEdge(cidrs: readonly string[], port: number): string {
    const id = this.group('edge', 'Load balancer of the search page');
    for (const cidr of cidrs) this.ingressFrom(`https-${idPart(cidr)}`, id, cidr, 443, `Search page for ${cidr}`);
    this.allow({ name: 'search', from: 'edge', to: 'nodes', ports: [port, port] });
    return id;
  }

  /** A group for interface endpoints, which nodes reach. */
  openEndpoints(): string {
    const id = this.group('endpoints', 'Interface endpoints of AWS services');
    this.allow({ name: 'aws', from: 'nodes', to: 'endpoints', ports: [443, 443] });
    return id;
  }

  private group(group: Group, description: string): string {
    const { prefix, vpcId } = this.props;
    const { id } = new SecurityGroup(this, group, {
      name: `${prefix}-${group}`,
      description,
      vpcId,
      tags: {
        Name: `${prefix}-${group}`,
        ...(group === 'nodes' ? { 'karpenter.sh/discovery': prefix } : {}),
      },
    });
    this.groups.set(group, id);
    return id;
  }

  private allow(flow: Flow): void {
    const [first, last] = flow.ports;
    const ports = first === -1 ? { ipProtocol: '-1' } : { ipProtocol: 'tcp', fromPort: first, toPort: last };
    new VpcSecurityGroupIngressRule(this, `${flow.name}-in`, {
      securityGroupId: this.idOf(flow.to),
      referencedSecurityGroupId: this.idOf(flow.from),
      description: `${flow.name} from ${flow.from}`,
      ...ports,
    });
    new VpcSecurityGroupEgressRule(this, `${flow.name}-out`, {
      securityGroupId: this.idOf(flow.from),
      referencedSecurityGroupId: this.idOf(flow.to),
      description: `${flow.name} to ${flow.to}`,
      ...ports,
    });
  }

  private allowOut(id: string, description: string, port: number, ipProtocol: string, cidrIpv4: string): void {
    new VpcSecurityGroupEgressRule(this, id, {
      securityGroupId: this.nodesId,
      description,
      ipProtocol,
      fromPort: port,
      toPort: port,
      cidrIpv4,
    });
  }

  private ingressFrom(id: string, group: string, cidrIpv4: string, port: number, description: string): void {
    new VpcSecurityGroupIngressRule(this, id, {
      securityGroupId: group,
      description,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      cidrIpv4,
    });
  }

  private idOf(group: Group): string {
    const id = this.groups.get(group);
    if (id === undefined) throw new Error(`There is no security group for ${group}.`);
    return id;
  }
}

function idPart(cidr: string): string {
  return cidr.replaceAll(/[./]/g, '-');
}
