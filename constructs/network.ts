import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group/index.js';
import { Eip } from '@cdktf/provider-aws/lib/eip/index.js';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log/index.js';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway/index.js';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import { Route } from '@cdktf/provider-aws/lib/route/index.js';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js';
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { parseCidr, subnetOf } from '../stacks/cidr.ts';
import type { AuditBucket } from './audit-bucket.ts';
import { Firewall } from './firewall.ts';
import { policyDocument } from './policy-document.ts';

/** `public`: nodes have public addresses and nothing may connect in. `private`: NAT gateways, and endpoints for heavy traffic. */
export type Egress =
  | { readonly kind: 'public' }
  | { readonly kind: 'private'; readonly natGateways: number; readonly interfaceEndpoints: readonly string[] };

export interface NetworkProps {
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  /** /16 to /20. */
  readonly cidr: string;
  /** Number of availability zones, 2 or 3: `a`, `b`, `c` of the region. */
  readonly zones: number;
  /** How nodes reach AWS and the image registries. */
  readonly egress: Egress;
  /** The EKS cluster whose load balancers and nodes use the subnets. */
  readonly clusterName: string;
  /** Receives flow logs. */
  readonly audit: AuditBucket;
}

type Tier = 'public' | 'private' | 'database';
/** Bits added to the VPC's prefix, and the first index, so that the three tiers never meet. */
const TIERS: Readonly<Record<Tier, { bits: number; first: number }>> = {
  public: { bits: 4, first: 0 },
  private: { bits: 4, first: 4 },
  database: { bits: 8, first: 128 },
};

/** The VPC: subnets per tier and zone, routes, gateway endpoints (free), flow logs, and one security group per role. */
export class Network extends Construct {
  readonly vpcId: string;
  /** The security groups of the VPC. */
  readonly firewall: Firewall;
  /** Subnets without a way out, one per zone, for databases and cache. */
  readonly databaseSubnetIds: readonly string[];
  /** Subnets with a route to the internet, one per zone. */
  readonly publicSubnetIds: readonly string[];
  /** Where nodes live: public or private subnets, by the choice of egress; one per zone, in the order of zones. */
  readonly nodeSubnetIds: readonly string[];
  /** What must stand before a node can reach AWS. */
  readonly ready: ITerraformDependable[] = [];
  private readonly vpc: Vpc;
  private readonly tables: RouteTable[] = [];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'vpc', {
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: props.prefix },
    });
    this.vpcId = this.vpc.id;
    new DefaultSecurityGroup(this, 'default-closed', { vpcId: this.vpcId, tags: { Name: `${props.prefix}-default` } });
    new FlowLog(this, 'flow-log', {
      vpcId: this.vpcId,
      trafficType: 'ALL',
      logDestinationType: 's3',
      logDestination: props.audit.arn,
      maxAggregationInterval: 600,
      destinationOptions: { fileFormat: 'parquet', hiveCompatiblePartitions: true, perHourPartition: false },
      dependsOn: [props.audit.policy],
    });
    const gateway = new InternetGateway(this, 'internet', { vpcId: this.vpcId, tags: { Name: props.prefix } });
    const publicSubnets = this.subnets(props, 'public');
    this.databaseSubnetIds = this.subnets(props, 'database').map((subnet) => subnet.id);
    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.publicRoutes(props, publicSubnets, gateway);
    this.nodeSubnetIds =
      props.egress.kind === 'public'
        ? this.publicSubnetIds
        : this.privateRoutes(props, props.egress.natGateways, publicSubnets, gateway);
    this.gatewayEndpoints(props);
    this.firewall = new Firewall(this, 'firewall', { prefix: props.prefix, vpcId: this.vpcId, vpcCidr: props.cidr });
    if (props.egress.kind === 'private') this.interfaceEndpoints(props, props.egress.interfaceEndpoints);
  }

  private subnets(props: NetworkProps, tier: Tier): Subnet[] {
    const parent = parseCidr(props.cidr);
    if (!parent) throw new RangeError(`${props.cidr} is no IPv4 range.`);
    const { bits, first } = TIERS[tier];
    const nodes = tier === (props.egress.kind === 'public' ? 'public' : 'private');
    return zoneLetters(props.zones).map(
      (letter, index) =>
        new Subnet(this, `${tier}-${letter}`, {
          vpcId: this.vpcId,
          cidrBlock: subnetOf(parent, parent.prefix + bits, first + index),
          availabilityZone: `${props.region}${letter}`,
          // Nodes of a public egress have no other way out; their security group lets nothing in.
          mapPublicIpOnLaunch: tier === 'public' && props.egress.kind === 'public',
          tags: {
            Name: `${props.prefix}-${tier}-${letter}`,
            ...(tier === 'public' ? { 'kubernetes.io/role/elb': '1' } : {}),
            ...(nodes ? { 'karpenter.sh/discovery': props.clusterName } : {}),
          },
        }),
    );
  }

  private publicRoutes(props: NetworkProps, subnets: readonly Subnet[], gateway: InternetGateway): void {
    const table = this.routeTable(props, 'public', subnets);
    this.ready.push(
      new Route(this, 'public-out', {
        routeTableId: table.id,
        destinationCidrBlock: '0.0.0.0/0',
        gatewayId: gateway.id,
      }),
    );
  }

  private privateRoutes(
    props: NetworkProps,
    natGateways: number,
    publicSubnets: readonly Subnet[],
    gateway: InternetGateway,
  ): string[] {
    const nats = zoneLetters(natGateways).map((letter, index) => {
      const address = new Eip(this, `nat-address-${letter}`, {
        domain: 'vpc',
        tags: { Name: `${props.prefix}-nat-${letter}` },
      });
      return new NatGateway(this, `nat-${letter}`, {
        allocationId: address.id,
        subnetId: publicSubnets[index]?.id ?? '',
        tags: { Name: `${props.prefix}-${letter}` },
        dependsOn: [gateway],
      });
    });
    return this.subnets(props, 'private').map((subnet, index) => {
      const letter = zoneLetters(props.zones)[index];
      const table = this.routeTable(props, `private-${letter}`, [subnet]);
      this.ready.push(
        new Route(this, `private-out-${letter}`, {
          routeTableId: table.id,
          destinationCidrBlock: '0.0.0.0/0',
          natGatewayId: nats[index % nats.length]?.id ?? '',
        }),
      );
      return subnet.id;
    });
  }

  private routeTable(props: NetworkProps, name: string, subnets: readonly Subnet[]): RouteTable {
    const table = new RouteTable(this, `routes-${name}`, {
      vpcId: this.vpcId,
      tags: { Name: `${props.prefix}-${name}` },
    });
    this.tables.push(table);
    for (const [index, subnet] of subnets.entries()) {
      const suffix = subnets.length === 1 ? '' : `-${zoneLetters(subnets.length)[index]}`;
      this.ready.push(
        new RouteTableAssociation(this, `route-${name}${suffix}`, { routeTableId: table.id, subnetId: subnet.id }),
      );
    }
    return table;
  }

  private gatewayEndpoints(props: NetworkProps): void {
    for (const service of ['s3', 'dynamodb']) {
      this.ready.push(
        new VpcEndpoint(this, `endpoint-${service}`, {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${props.region}.${service}`,
          vpcEndpointType: 'Gateway',
          routeTableIds: this.tables.map((table) => table.id),
          tags: { Name: `${props.prefix}-${service}` },
        }),
      );
    }
  }

  private interfaceEndpoints(props: NetworkProps, services: readonly string[]): void {
    if (services.length === 0) return;
    const securityGroupId = this.firewall.openEndpoints();
    for (const service of services) {
      this.ready.push(
        new VpcEndpoint(this, `endpoint-${service.replaceAll('.', '-')}`, {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${props.region}.${service}`,
          vpcEndpointType: 'Interface',
          privateDnsEnabled: true,
          subnetIds: [...this.nodeSubnetIds],
          securityGroupIds: [securityGroupId],
          ...(service === 'rds' ? { policy: rdsEndpointPolicy() } : {}),
          tags: { Name: `${props.prefix}-${service}` },
        }),
      );
    }
  }
}

function zoneLetters(count: number): string[] {
  return ['a', 'b', 'c'].slice(0, count);
}

/** Through the endpoint pass the calls that read logs, and nothing that changes a database. */
function rdsEndpointPolicy(): string {
  return policyDocument([
    {
      sid: 'ReadLogs',
      principals: '*',
      actions: [
        'rds:DescribeDBClusterParameters',
        'rds:DescribeDBClusters',
        'rds:DescribeDBInstances',
        'rds:DescribeDBLogFiles',
        'rds:DescribeDBParameters',
        'rds:DownloadCompleteDBLogFile',
        'rds:DownloadDBLogFilePortion',
      ],
      resources: ['*'],
    },
  ]);
}
