import { z } from 'zod';
import { toolsFor } from '../../apps/operator/doctor/tools.ts';
import { markdownTable } from '../../apps/operator/markdown-table.ts';
import { ENVIRONMENTS } from '../../stacks/environments.ts';
import {
  type BootstrapInputs,
  bootstrapInputsSchema,
  type Inputs,
  inputsSchema,
  variableName,
} from '../../stacks/inputs.ts';

const MEANINGS: Readonly<Record<keyof Inputs | keyof BootstrapInputs, string>> = {
  accountId: 'the account; credentials of any other are refused',
  region: 'where everything is',
  replicaRegion: "where the copy of production's archive is",
  owner: 'tag of every resource',
  costCentre: 'tag of every resource',
  alertEmail: 'receives alarms and budget notices',
  pagerUrl: 'HTTPS endpoint of PagerDuty or Opsgenie for alarms',
  vpcCidr: 'range of the VPC, /16 to /20; its own for each environment',
  reservedCidrs: 'ranges that the VPC must not overlap',
  apiCidrs: 'who may reach the Kubernetes API; with none, only the inside of the VPC',
  searchCidrs: 'who may reach the search page',
  hostname: 'name of the search page; only with `hostedZoneId`; without both there is no load balancer',
  hostedZoneId: 'Route 53 zone of the name',
  adminRoleArns: 'roles that administer the cluster, beside the one that deploys',
  fleetAccounts: 'other accounts whose instances are read',
  fleetDeployRole: 'role of those accounts that their stack is deployed through',
  fleetRegions: 'regions that are watched beside `region`',
  fleetNames: 'names of instances and clusters to watch, as globs',
  fleetTags: 'tags (`key=value`) that an instance must carry to be watched',
  stateIn: 'where the state of bootstrap is: `local` until its bucket exists, then `s3`',
  guardrails: '`none` where the account has GuardDuty, Security Hub, Config, CloudTrail and an anomaly monitor already',
  ciPrincipalArns: 'who may take the roles of the build server; with none there are no such roles',
};

/** The generated parts of docs/deploy.md, by their names. */
export function deployTables(stacks: Readonly<Record<string, string>>): Record<string, string> {
  return { tools: toolsTable(), inputs: inputsTable(), outputs: outputsTable(stacks) };
}

/** The inputs of environments, then those that only bootstrap has: variable, key in cdktf.json, default, meaning. */
function inputsTable(): string {
  const own = Object.entries(bootstrapInputsSchema.shape).filter(([key]) => !(key in inputsSchema.shape));
  const rows = [
    ...Object.entries(inputsSchema.shape).map(([key, schema]) => inputRow(key, schema)),
    ...own.map(([key, schema]) => inputRow(key, schema, 'bootstrap')),
  ];
  return markdownTable(['variable', 'in `cdktf.json`', 'default', 'what'], rows);
}

/** The tools that `doctor` looks for, for the newest cluster there is. */
function toolsTable(): string {
  const newest = Object.values(ENVIRONMENTS)
    .map(({ kubernetes }) => kubernetes.version)
    .sort((left, right) => Number(left.slice(2)) - Number(right.slice(2)))
    .at(-1);
  const rows = toolsFor(newest).map(({ name, least, missing, hint }) => [
    `\`${name}\``,
    `${least} or newer`,
    missing === 'error' ? 'stops the deployment' : 'a warning',
    hint,
  ]);
  return markdownTable(['tool', 'version', 'without it', 'how'], rows);
}

/** The outputs of every stack with what they say of themselves, by Terraform's JSON. */
function outputsTable(stacks: Readonly<Record<string, string>>): string {
  const found = new Map<string, { what: string; stacks: string[] }>();
  for (const [stack, json] of Object.entries(stacks)) {
    const { output = {} } = JSON.parse(json) as { output?: Record<string, { description: string }> };
    for (const [name, { description }] of Object.entries(output)) {
      const known = found.get(name) ?? { what: description, stacks: [] };
      found.set(name, { ...known, stacks: [...known.stacks, stack] });
    }
  }
  const rows = [...found].map(([name, { what, stacks: of }]) => [`\`${name}\``, of.join(', '), what]);
  return markdownTable(['output', 'stacks', 'what'], rows);
}

function inputRow(key: string, schema: z.ZodType, stack?: string): string[] {
  const meaning = MEANINGS[key as keyof typeof MEANINGS];
  return [`\`${variableName(key, stack)}\``, `\`${stack ? `${stack}.` : ''}${key}\``, defaultOf(schema), meaning];
}

function defaultOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodOptional) return 'none';
  if (!(schema instanceof z.ZodDefault)) return 'required';
  const values = [schema.def.defaultValue].flat() as string[];
  return values.length === 0 ? 'none' : values.map((value) => `\`${value}\``).join(', ');
}
