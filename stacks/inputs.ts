import { z } from 'zod';
import { Failure } from '../apps/shared/failure.ts';
import { parseCidr } from './cidr.ts';

const cidr = z.string().refine((text) => parseCidr(text) !== undefined, 'is no IPv4 range such as 10.0.0.0/16');
const accountId = z.string().regex(/^\d{12}$/, 'must be an AWS account id: 12 digits');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as eu-central-1');
const label = z
  .string()
  .regex(/^[\w .:/=+@-]{1,128}$/, 'must be 1 to 128 letters, digits, spaces or _ . : / = + - @ (a tag value)');
const hostname = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a DNS name');

/** A range that may reach something: never the whole internet. */
const allowedCidr = cidr.refine((text) => (parseCidr(text)?.prefix ?? 0) >= 8, 'must be a named range, /8 or smaller');

/**
 * What only the one who deploys knows. Each key is read from `AURORA_LOGS_<ENVIRONMENT>_<KEY>`, then `AURORA_LOGS_<KEY>`,
 * then the environment's part of the context in `cdktf.json`, then its common part. Lists are separated by commas in variables.
 */
export const inputsSchema = z.strictObject({
  /** The guard: the AWS provider refuses credentials of any other account. */
  accountId,
  region,
  /** Holds the copy of production's archive. */
  replicaRegion: region,
  /** Tags of every resource. */
  owner: label,
  costCentre: label,
  /** Receives alarms and budget notices. */
  alertEmail: z.email(),
  /** HTTPS endpoint of PagerDuty or Opsgenie for alarms; none by default. */
  pagerUrl: z.url({ protocol: /^https$/ }).optional(),
  vpcCidr: cidr.refine((text) => {
    const prefix = parseCidr(text)?.prefix ?? 0;
    return prefix >= 16 && prefix <= 20;
  }, 'must be a /16 to /20: smaller ones cannot hold the subnets'),
  /** Networks that the VPC must not overlap, because it may be connected to them one day. */
  reservedCidrs: z.array(cidr).default([]),
  /** Who may reach the Kubernetes API; with none, it is reachable from inside the VPC alone. */
  apiCidrs: z.array(allowedCidr).default([]),
  /** Who may reach the search page: the node port of poc, the load balancer of production. */
  searchCidrs: z.array(allowedCidr).default([]),
  /** Name of the search page and its Route 53 zone; both or neither. */
  hostname: hostname.optional(),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{5,31}$/, 'must be the id of a Route 53 hosted zone')
    .optional(),
  /** IAM roles, beside the one that deploys, that administer the cluster. */
  adminRoleArns: z
    .array(z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/, 'must be the ARN of a role'))
    .default([]),
  /** Other accounts whose instances are read through their fleet reader role. */
  fleetAccounts: z.array(accountId).default([]),
  /** The role of those accounts through which their reader role is deployed. */
  fleetDeployRole: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, 'must be the name of a role')
    .default('OrganizationAccountAccessRole'),
  /** Regions whose instances are watched beside `region`. */
  fleetRegions: z.array(region).default([]),
  /** Instances and clusters to watch, by name (glob); the environment may narrow it further. */
  fleetNames: z.array(z.string().min(1)).default(['*']),
  /** Tags (`key=value`) that an instance must carry to be watched. */
  fleetTags: z.array(z.string().regex(/^[^=]+=[^=]*$/, 'must be key=value')).default([]),
});

export type Inputs = z.infer<typeof inputsSchema>;

/** Inputs of `bootstrap`, which serves the whole account; read under the name BOOTSTRAP. */
export const bootstrapInputsSchema = z.strictObject({
  ...inputsSchema.pick({ accountId: true, region: true, owner: true, costCentre: true, alertEmail: true }).shape,
  /** Where the state of bootstrap itself is: `local` until its bucket exists, then `s3` (deploy once with --migrate-state). */
  stateIn: z.enum(['local', 's3']).default('local'),
  /** `own`: GuardDuty, Security Hub, Config, CloudTrail and cost anomalies by this stack; `none`: the account has them. */
  guardrails: z.enum(['own', 'none']).default('own'),
  /** Principals of the build server that may publish images, plan and deploy; with none there are no such roles. */
  ciPrincipalArns: z
    .array(z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:(role|user)\/.+$/, 'must be the ARN of a role or user'))
    .default([]),
});

export type BootstrapInputs = z.infer<typeof bootstrapInputsSchema>;

type Raw = Readonly<Record<string, unknown>>;

/** The parts of the `aurora-logs` context of `cdktf.json`. */
export interface InputSources {
  readonly context: Raw;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Reads and checks the inputs of one stack. Throws CONFIG_INVALID that names every wrong one and where to set it. */
export function readInputs<Shape extends z.ZodRawShape>(
  stack: string,
  sources: InputSources,
  schema: z.ZodObject<Shape, z.core.$strict>,
): z.infer<z.ZodObject<Shape, z.core.$strict>> {
  const own = (sources.context[stack] ?? {}) as Raw;
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(own).filter((key) => !known.includes(key));
  const raw = Object.fromEntries(
    known.flatMap((key) => {
      const isList = schema.shape[key] instanceof z.ZodDefault && Array.isArray(schema.shape[key].def.defaultValue);
      const value = fromVariables(stack, key, isList, sources.variables) ?? own[key] ?? sources.context[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const result = schema.safeParse(raw);
  const problems = [
    ...unknown.map((key) => `${stack}.${key} is not an input; known: ${known.join(', ')}`),
    ...(result.success ? [] : result.error.issues.map((issue) => describe(stack, issue, raw))),
  ];
  if (problems.length > 0 || !result.success) {
    throw new Failure('CONFIG_INVALID', problems.join('\n'), { details: { stack } });
  }
  return result.data;
}

/** `alertEmail` of `poc` is AURORA_LOGS_POC_ALERT_EMAIL. */
export function variableName(key: string, environment?: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return ['AURORA_LOGS', environment?.toUpperCase(), words].filter(Boolean).join('_');
}

function fromVariables(stack: string, key: string, isList: boolean, variables: InputSources['variables']): unknown {
  const text = variables[variableName(key, stack)] ?? variables[variableName(key)];
  if (text === undefined || !isList) return text;
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function describe(environment: string, issue: z.core.$ZodIssue, raw: Raw): string {
  const key = String(issue.path[0]);
  const value = issue.path.reduce<unknown>((at, step) => (at as Raw | undefined)?.[step as string], raw);
  const shown = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}: ${issue.message}`;
  return `${environment}.${issue.path.join('.')} ${shown} (set ${variableName(key, environment)}, or the context of cdktf.json)`;
}
