import { markdownTable } from '../../apps/operator/markdown-table.ts';
import type { ConstructSource, FunctionSource, Member } from './construct-source.ts';

/** Names that mean the same in every construct and are explained once. */
export const COMMON_MEANINGS: Readonly<Record<string, string>> = {
  accountId: 'The account it is made in.',
  accessLog: 'Receives the access log of the bucket.',
  arn: 'Its ARN.',
  bucketArn: 'ARN of the bucket.',
  bucketName: 'Name of the bucket.',
  clusterArn: 'The EKS cluster it belongs to.',
  clusterName: 'The EKS cluster it belongs to.',
  deletionAlarm: 'Told when somebody deletes a stored version for good.',
  dependsOn: 'What must stand before it, and is destroyed after it.',
  description: 'Says what it is for.',
  email: 'Receives its notices.',
  endpoint: 'Address without scheme.',
  identifier: 'Its name in RDS.',
  jobsArn: 'ARN of the table of job states.',
  keyArn: 'The customer managed key that encrypts it.',
  lockTable: 'Name of the lock table.',
  lockTableArn: 'ARN of the lock table.',
  logDays: 'Days that its log group keeps.',
  masterSecretArn: 'ARN of the secret that RDS keeps and rotates.',
  metadataArn: 'ARN of the table of instance metadata.',
  name: 'Its name.',
  namespace: 'The Kubernetes namespace it lives in.',
  prefix: 'Begins the names of what it makes: `aurora-logs`, or `aurora-logs-<environment>`.',
  protect: 'AWS and Terraform refuse to delete it.',
  region: 'The region it is made in.',
  securityGroupId: 'The security group of its role.',
  start: 'When it wakes up.',
  subnetIds: 'The subnets it is made in.',
  timezone: 'An IANA name such as `Europe/Berlin`.',
  topicArn: 'The topic that alarms and notices go to.',
  trackingArn: 'ARN of the table of positions.',
  vpcId: 'The VPC it is made in.',
};

/** A file of `constructs`, read. */
export interface ModuleSource {
  readonly file: string;
  readonly construct: ConstructSource | undefined;
  readonly functions: readonly FunctionSource[];
}

/** What a prop or an output means: its doc comment, else what its name means everywhere; empty when nobody says. */
export function meaningOf({ meaning, name }: Member): string {
  return meaning || COMMON_MEANINGS[name] || '';
}

/** docs/modules.md. Pure: the same sources give the same page. */
export function renderModules(modules: readonly ModuleSource[]): string {
  const constructs = modules.filter((module) => module.construct !== undefined);
  const others = modules.filter((module) => module.construct === undefined && module.functions.length > 0);
  const lines = [
    '# Constructs',
    '',
    'Every building block of the stacks: what it makes, takes and gives. Written from the doc comments of `constructs` by',
    '`npm run docs`; a test fails when this page is out of date, and when something in it has no meaning.',
    '',
    'How they become stacks is drawn in [bootstrap](diagrams/bootstrap.md), [poc](diagrams/poc.md) and',
    '[production](diagrams/production.md).',
    '',
    ...constructs.flatMap((module) => constructSection(module, constructs)),
    '## Policies',
    '',
    'Functions that give statements and documents of IAM. They make nothing themselves.',
    '',
    ...others.flatMap(functionSection),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function constructSection({ file, construct }: ModuleSource, all: readonly ModuleSource[]): string[] {
  if (!construct) return [];
  const { name, meaning, makes, parts, props, outputs } = construct;
  const made = makes.map((type) => `\`${type}\``);
  const linked = parts.map((part) =>
    all.some((other) => other.construct?.name === part) ? `[${part}](#${part.toLowerCase()})` : part,
  );
  return [
    `## ${name}`,
    '',
    `[constructs/${file}](../constructs/${file}). ${meaning}`,
    '',
    `Makes: ${[...made, ...linked].join(', ') || 'nothing of its own'}.`,
    '',
    ...table(
      ['prop', 'type', 'default', 'meaning'],
      props.map((prop) => [`\`${prop.name}\``, code(prop.type), defaultOf(prop), meaningOf(prop)]),
    ),
    ...table(
      ['output', 'type', 'meaning'],
      outputs.map((output) => [`\`${output.name}\``, code(output.type), meaningOf(output)]),
    ),
  ];
}

function functionSection({ file, functions }: ModuleSource): string[] {
  return [
    `### ${file}`,
    '',
    ...table(
      ['function', 'gives'],
      functions.map(({ name, meaning }) => [`\`${name}\``, meaning]),
    ),
  ];
}

function defaultOf(prop: ConstructSource['props'][number]): string {
  if (!prop.optional) return 'required';
  return prop.fallback === undefined ? 'absent' : code(prop.fallback);
}

function code(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [markdownTable(head, rows), ''];
}
