import type { Command } from 'commander';
import { ENVIRONMENTS } from '../../../stacks/environments.ts';
import { Failure, isFailure } from '../../shared/failure.ts';
import { synthesize } from '../cost/synthesized.ts';
import { type Check, countStates, renderCheck } from '../doctor/check.ts';
import { checkAccount } from '../doctor/check-account.ts';
import { type DeployNeeds, needsOfStack } from '../doctor/needs.ts';
import { checkTools } from '../doctor/tools.ts';
import { EXIT } from '../exit-codes.ts';
import { createOutput } from '../output.ts';

interface DoctorOptions {
  readonly deploy: string;
  readonly json: boolean;
}

/** Adds `doctor`: looks before a deployment at what it needs, and creates nothing. `checkout` is where the CDKTF app lies. */
export function addDoctor(program: Command, checkout: string = process.cwd()): void {
  program
    .command('doctor')
    .summary('say what would fail: tools, settings, credentials, names, quotas')
    .description('Looks at tools, settings, credentials, names and quotas, and says what a deployment would fail on.')
    .requiredOption('--deploy <stack>', 'bootstrap, poc or production')
    .option('--json', 'one JSON line per check, then a summary', false)
    .addHelpText('after', '\nExample:\n  aurora-logs doctor --deploy poc\n\nExit code 4: something would fail.\n')
    .action((options: DoctorOptions) => runDoctor(checkout, options));
}

async function runDoctor(checkout: string, options: DoctorOptions): Promise<void> {
  const output = createOutput({ json: options.json });
  const { needs, check } = await readNeeds(checkout, options.deploy);
  const checks = [check, ...(await checkTools(needs?.kubernetes)), ...(await accountChecks(needs, check))];
  for (const each of checks) {
    for (const text of renderCheck(each)) output.line(text);
    output.item('item', { ...each });
  }
  const counts = countStates(checks);
  output.line('');
  output.line(`${counts.ok} ok, ${counts.warning} warning, ${counts.error} error, ${counts.unknown} not checked`);
  output.item('summary', { stack: options.deploy, ...counts });
  if (counts.error > 0) process.exitCode = EXIT.problemFound;
}

/** The settings are checked by synthesizing; what is wrong with them is the first finding. */
async function readNeeds(checkout: string, stack: string): Promise<{ needs: DeployNeeds | undefined; check: Check }> {
  try {
    const stacks = await synthesize(checkout, stack);
    const file = stacks.get(stack);
    if (!file) {
      const names = [...stacks.keys()].join(', ');
      throw new Failure('NOT_FOUND', `There is no stack "${stack}" to deploy; there are ${names}.`);
    }
    const needs = needsOfStack(stack, file, ENVIRONMENTS[stack]);
    return { needs, check: { target: 'settings', state: 'ok', fact: `${stack} synthesizes for ${needs.region}` } };
  } catch (error) {
    if (!isFailure(error, 'CONFIG_INVALID')) throw error;
    const hint = 'Set what the message names; docs/deploy.md lists all inputs.';
    return { needs: undefined, check: { target: 'settings', state: 'error', fact: error.message, hint } };
  }
}

async function accountChecks(needs: DeployNeeds | undefined, { hint }: Check): Promise<Check[]> {
  if (!needs) {
    const fact = 'not looked at without settings';
    return [{ target: 'account, names and quotas', state: 'unknown', fact, hint: hint ?? fact }];
  }
  // The clients for this alone are development dependencies: a deployment runs in a checkout, never in an image.
  const { openAccount } = await import('../doctor/account.ts');
  return checkAccount(needs, openAccount(needs.region));
}
