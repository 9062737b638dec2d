import type { ConstructSource, FunctionSource, Member } from './construct-source.ts';

/** Props that mean the same in every construct and are explained once. */
export const COMMON_PROPS: Readonly<Record<string, string>> = {
  accountId: 'The account it is made in.',
  region: 'The region it is made in.',
  prefix: 'Begins the names of what it makes: `aurora-logs`, or `aurora-logs-<environment>`.',
  keyArn: 'The customer managed key that encrypts it.',
  topicArn: 'The topic that alarms and notices go to.',
  vpcId: 'The VPC it is made in.',
  subnetIds: 'The subnets it is made in.',
  securityGroupId: 'The security group of its role.',
  clusterName: 'The EKS cluster it belongs to.',
  clusterArn: 'The EKS cluster it belongs to.',
  logDays: 'Days that its log group keeps.',
  deletionAlarm: 'Told when somebody deletes a stored version for good.',
  protect: 'AWS and Terraform refuse to delete it.',
  dependsOn: 'What must stand before it, and is destroyed after it.',
};

/** A file of `constructs`, read. */
export interface ModuleSource {
  readonly file: string;
  readonly construct: ConstructSource | undefined;
  readonly functions: readonly FunctionSource[];
}

/** What a prop means: its doc comment, else what it means everywhere; empty when nobody says. */
export function meaningOf(prop: Member): string {
  return prop.meaning || COMMON_PROPS[prop.name] || '';
}

/** docs/modules.md. Pure: the same sources give the same page. */
export function renderModules(modules: readonly ModuleSource[]): string {
  const constructs = modules.filter((module) => module.construct !== undefined);
  const others = modules.filter((module) => module.construct === undefined && module.functions.length > 0);
  return [
    '# Constructs',
    'Every building block of the stacks, with what it makes, takes and gives. This page is written from the doc comments of',
    '`constructs` by `npm run docs`; a test fails when it is out of date, and when a prop or a construct has no meaning.',
    '',
    `[The stacks drawn](diagrams/README.md) show how ${constructs.length} constructs become three stacks.`,
    '',
    ...constructs.flatMap((module) => constructSection(module, constructs)),
    '## Policies',
    '',
    'Functions that give statements and documents of IAM. They make nothing themselves.',
    '',
    ...others.flatMap(functionSection),
  ]
    .join('\n')
    .replace('# Constructs\n', '# Constructs\n\n')
    .concat('\n')
    .replace(/\n+$/, '\n');
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
      outputs.map((output) => [`\`${output.name}\``, code(output.type), output.meaning]),
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
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
