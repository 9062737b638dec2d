import {
  addressesIn,
  closureOf,
  constructOf,
  directNeeds,
  graphOf,
  resourcesIn,
  type StackResource,
} from './stack-graph.ts';

/** AWS's services by the beginning of a type; the first that fits counts. */
const SERVICES: readonly (readonly [string, string])[] = [
  ['aws_acm', 'Certificate Manager'],
  ['aws_backup', 'Backup'],
  ['aws_budgets', 'Budgets'],
  ['aws_ce_', 'Cost Explorer'],
  ['aws_cloudtrail', 'CloudTrail'],
  ['aws_cloudwatch_event', 'EventBridge'],
  ['aws_cloudwatch', 'CloudWatch'],
  ['aws_config', 'Config'],
  ['aws_db_', 'RDS'],
  ['aws_rds', 'RDS'],
  ['aws_dax', 'DAX'],
  ['aws_dynamodb', 'DynamoDB'],
  ['aws_ebs', 'EBS'],
  ['aws_ecr', 'ECR'],
  ['aws_eks', 'EKS'],
  ['aws_elasticache', 'ElastiCache'],
  ['aws_guardduty', 'GuardDuty'],
  ['aws_iam', 'IAM'],
  ['aws_kms', 'KMS'],
  ['aws_launch_template', 'EC2'],
  ['aws_lb', 'Load Balancing'],
  ['aws_route53', 'Route 53'],
  ['aws_s3', 'S3'],
  ['aws_scheduler', 'EventBridge Scheduler'],
  ['aws_securityhub', 'Security Hub'],
  ['aws_sns', 'SNS'],
  ['aws_sqs', 'SQS'],
  ['aws_wafv2', 'WAF'],
  ...['default_security', 'eip', 'flow_log', 'internet', 'nat', 'route', 'security_group', 'subnet', 'vpc'].map(
    (name) => [`aws_${name}`, 'VPC'] as const,
  ),
  ['helm_', 'Helm'],
  ['kubernetes_', 'Kubernetes'],
];

/** Nearly all need them; arrows to them would hide the rest. */
const COMMON = ['key', 'alarm-topic'];
/** What an access chart shows as a target: where data lies. */
const DATA = ['aws_dynamodb_table', 'aws_s3_bucket', 'aws_rds_cluster', 'aws_db_instance', 'aws_sqs_queue'];

/** The service that a type belongs to; throws for one that nobody has named. */
export function serviceOf(type: string): string {
  const service = SERVICES.find(([prefix]) => type.startsWith(prefix))?.[1];
  if (service === undefined)
    throw new Error(`${type} belongs to no service yet; name it in scripts/docs/stack-page.ts.`);
  return service;
}

/**
 * docs/diagrams/<stack>.md from Terraform's JSON: what the stack is made of, who may reach which data, and in which order the
 * cluster and what runs in it come to be. Pure: the same JSON gives the same page.
 */
export function renderStackPage(name: string, json: string): string {
  const resources = resourcesIn(json);
  const charts: [string, string, string[]][] = [
    [
      'What it is made of',
      'A box per construct, with its resources counted by service. An arrow goes from what needs to what is needed; keys and the alarm topic, which nearly all need, have none.',
      overview(resources),
    ],
    [
      'Who may reach which data',
      'From each role to the data that its policy names, by the statements of the policy.',
      access(resources),
    ],
    [
      'What waits for what',
      'What must stand before anything is installed in the cluster. Destroying goes the other way.',
      order(resources),
    ],
  ];
  const sections = charts
    .filter(([, , lines]) => lines.length > 0)
    .map(
      ([title, text, lines]) => `## ${title}\n\n${text}\n\n\`\`\`mermaid\nflowchart LR\n${lines.join('\n')}\n\`\`\`\n`,
    );
  const types = new Set(resources.map(({ type }) => type)).size;
  return `# Stack ${name}\n\n${resources.length} resources of ${types} types. Drawn from the synthesized stack by \`npm run docs\`.\n\n${sections.join('\n')}`;
}

function overview(resources: readonly StackResource[]): string[] {
  const graph = graphOf(
    resources.filter(({ path }) => !COMMON.includes(path[0] ?? '')),
    constructOf,
  );
  const groups = Map.groupBy([...graph.members.keys()].sort(), (name) => name.split('/')[0] ?? name);
  const boxes = [...groups].flatMap(([group, names]) => {
    const inside = names.map((name) => `  ${box(name, servicesOf(graph.members.get(name) ?? []))}`);
    return inside.length === 1 ? inside : [`  subgraph ${idOf(group)}_group["${group}"]`, ...inside, '  end'];
  });
  // Who waits for what has a chart of its own.
  const withoutOrder = graphOf(
    resources.map((resource) => ({ ...resource, config: { ...resource.config, depends_on: [] } })),
    constructOf,
  );
  const arrows = [...graph.members.keys()].sort().flatMap((name) =>
    directNeeds(withoutOrder, name)
      .filter((to) => graph.members.has(to))
      .map((to) => `  ${idOf(name)} --> ${idOf(to)}`),
  );
  return [...boxes, ...arrows];
}

function access(resources: readonly StackResource[]): string[] {
  const byAddress = new Map(resources.map((one) => [one.address, one]));
  const edges = resources
    .filter(({ type }) => type === 'aws_iam_role_policy')
    .flatMap((policy) => {
      const role = byAddress.get(addressesIn(String(policy.config['role']))[0] ?? '');
      const name = String(role?.config['name'] ?? policy.path.slice(0, -1).join('/'));
      return [...reachedBy(String(policy.config['policy']))].flatMap(([address, sids]) => {
        const target = byAddress.get(address);
        return target && DATA.includes(target.type) ? [{ name, target, label: sids.join('<br/>') }] : [];
      });
    })
    .sort((a, b) => (`${a.name} ${a.target.address}` < `${b.name} ${b.target.address}` ? -1 : 1));
  return [
    ...new Set(edges.map(({ name }) => `  ${box(name)}`)),
    ...new Set(edges.map(({ target }) => `  ${store(target)}`)),
    ...edges.map(({ name, target, label }) => `  ${idOf(name)} -->|"${label}"| ${idOf(target.path.join('/'))}`),
  ];
}

/** Addresses in what a policy allows, each with the names of the statements. */
function reachedBy(policy: string): Map<string, string[]> {
  const { Statement } = JSON.parse(policy) as { Statement: { Sid: string; Effect: string; Resource: unknown }[] };
  const reached = new Map<string, string[]>();
  for (const { Sid, Resource } of Statement.filter(({ Effect }) => Effect === 'Allow')) {
    for (const address of new Set(addressesIn(JSON.stringify(Resource)))) {
      reached.set(address, [...(reached.get(address) ?? []), Sid]);
    }
  }
  return reached;
}

function order(resources: readonly StackResource[]): string[] {
  const releases = 'releases';
  // Some add-ons stand before the nodes and some after, so each is a step of its own.
  const graph = graphOf(resources, (resource) => {
    if (resource.path[0] === 'workloads') return 'workloads';
    return resource.type === 'aws_eks_addon' ? resource.path.join('/') : constructOf(resource);
  });
  if (!graph.members.has(releases)) return [];
  const before = [releases, ...closureOf(graph, releases)].filter((name) => !COMMON.includes(name)).sort();
  const arrows = before.flatMap((name) =>
    directNeeds(graph, name)
      .filter((to) => before.includes(to))
      .map((to) => `  ${idOf(to)} --> ${idOf(name)}`),
  );
  return [...before.map((name) => `  ${box(name)}`), ...arrows];
}

function servicesOf(resources: readonly StackResource[]): string[] {
  const counts = Map.groupBy(resources, ({ type }) => serviceOf(type));
  return [...counts].map(([service, members]) => `${members.length} ${service}`).sort();
}

function box(name: string, lines: readonly string[] = []): string {
  return `${idOf(name)}["${[lines.length > 0 ? `<b>${name}</b>` : name, ...lines].join('<br/>')}"]`;
}

/** Data is drawn as a drum, with the name that it has in AWS where one is set. */
function store({ type, path, config }: StackResource): string {
  const given = config['bucket'] ?? config['name'] ?? config['cluster_identifier'] ?? config['identifier'];
  return `${idOf(path.join('/'))}[("${serviceOf(type)}<br/>${typeof given === 'string' ? given : path.join('/')}")]`;
}

function idOf(name: string): string {
  return name.replaceAll(/[^a-z0-9]/gi, '_');
}
