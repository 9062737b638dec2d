import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';

const COMMANDS_ON_STACKS = ['deploy', 'apply', 'diff', 'plan', 'destroy', 'output'];
const MAX_ANCESTORS = 6;

/**
 * The stacks that a cdktf command line names, or undefined when it works on all of them (synth, list) or names a pattern.
 * cdktf runs the app without saying for what, yet a mistake in one environment must not hold up the deployment of another.
 */
export function namedStacks(commandLine: readonly string[]): string[] | undefined {
  const cli = commandLine.findIndex((word) => /^cdk(tf|tn)(\.js)?$/.test(basename(word)));
  if (cli < 0 || !COMMANDS_ON_STACKS.includes(commandLine[cli + 1] ?? '')) return undefined;
  const rest = commandLine.slice(cli + 2);
  const firstOption = rest.findIndex((word) => word.startsWith('-'));
  const names = firstOption < 0 ? rest : rest.slice(0, firstOption);
  return names.length === 0 || names.some((name) => /[*?[\]{}]/.test(name)) ? undefined : names;
}

/** The stacks named by CDKTF_TARGET_STACK_ID or by the cdktf command that started this process; undefined means all. */
export function targetStacks(): string[] | undefined {
  const named = process.env['CDKTF_TARGET_STACK_ID'];
  if (named) return [named];
  let pid = process.ppid;
  for (let depth = 0; depth < MAX_ANCESTORS && pid > 1; depth += 1) {
    const line = psLine(pid);
    if (!line) return undefined;
    const names = namedStacks(line.command);
    if (names) return names;
    pid = line.parent;
  }
  return undefined;
}

function psLine(pid: number): { parent: number; command: string[] } | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [parent, ...command] = text.split(/\s+/);
    return { parent: Number(parent), command };
  } catch {
    // Without ps every environment is checked, which is the strict way.
    return undefined;
  }
}
