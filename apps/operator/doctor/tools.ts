import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Check } from './check.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 15_000;

/** A tool that a deployment runs. */
export interface Tool {
  readonly name: string;
  /** What to run where it is not the name. */
  readonly command?: string;
  readonly args: readonly string[];
  /** Oldest version that works. */
  readonly least: string;
  /** What happens without it. */
  readonly missing: 'warning' | 'error';
  readonly hint: string;
}

/** The tools that a deployment runs, with the oldest version that works. `kubernetes` is the version of the cluster. */
export function toolsFor(kubernetes: string | undefined): Tool[] {
  return [
    {
      name: 'node',
      // Whatever runs this also runs the CDKTF app.
      command: process.execPath,
      args: ['--version'],
      least: '22.18',
      missing: 'error',
      hint: 'Run npm ci and start with npx, which brings the pinned Node.',
    },
    {
      name: 'terraform',
      args: ['version', '-json'],
      least: '1.11',
      missing: 'error',
      hint: 'Install Terraform 1.11 or newer (developer.hashicorp.com/terraform/install).',
    },
    {
      name: 'aws',
      args: ['--version'],
      least: '1.24',
      missing: 'error',
      hint: 'Install the AWS CLI: the Helm provider runs `aws eks get-token`.',
    },
    {
      name: 'docker',
      args: ['version', '--format', '{{.Server.Version}}'],
      least: '24',
      missing: 'warning',
      hint: 'Start Docker 24 or newer with buildx to build and push images, or let the pipeline do it.',
    },
    {
      name: 'helm',
      args: ['version', '--short'],
      least: '3.14',
      missing: 'warning',
      hint: 'Install Helm 3.14 or newer to upgrade releases of apps; cdktf deploy does without.',
    },
    {
      name: 'kubectl',
      args: ['version', '--client', '-o', 'json'],
      least: kubernetes === undefined ? '1.30' : oneMinorBelow(kubernetes),
      missing: 'warning',
      hint: `Install kubectl ${kubernetes ?? ''} (at most one minor version apart from the cluster) for the runbooks.`,
    },
  ];
}

/** Looks at every tool, at the same time. Never throws: a tool that is missing or silent is a finding. */
export function checkTools(kubernetes: string | undefined, variables = process.env): Promise<Check[]> {
  return Promise.all(toolsFor(kubernetes).map((tool) => checkTool(tool, variables)));
}

async function checkTool(tool: Tool, variables: NodeJS.ProcessEnv): Promise<Check> {
  const { name, args, least, missing, hint } = tool;
  try {
    const { stdout } = await run(tool.command ?? name, [...args], { env: variables, timeout: TIMEOUT_MS });
    const version = versionIn(stdout);
    if (version === undefined) return { target: name, state: 'unknown', fact: 'its answer holds no version', hint };
    if (compareVersions(version, least) >= 0) return { target: name, state: 'ok', fact: version };
    return { target: name, state: missing, fact: `${version} is older than ${least}`, hint };
  } catch (error) {
    return { target: name, state: missing, fact: whyNot(error), hint };
  }
}

function whyNot(error: unknown): string {
  const { code, killed, stderr } = error as { code?: unknown; killed?: boolean; stderr?: string };
  if (code === 'ENOENT') return 'is not installed, or not on PATH';
  if (killed) return `did not answer within ${TIMEOUT_MS / 1000} s`;
  return (stderr ?? '').trim().split('\n').at(-1) || `ended with ${String(code)}`;
}

/** The first version number in a tool's answer; kubectl spells it in two fields of JSON. */
export function versionIn(answer: string): string | undefined {
  return /\bv?(\d+\.\d+(?:\.\d+)?)/.exec(answer)?.[1];
}

/** Below 0, 0 or above 0, by each number in turn. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function oneMinorBelow(version: string): string {
  const [major = 1, minor = 1] = version.split('.').map(Number);
  return `${major}.${minor - 1}`;
}
