import type { Command } from 'commander';

/** What each npm script does, for people; a script that is not here is an error. */
const SCRIPTS: Readonly<Record<string, string>> = {
  demo: 'simulator and pipeline together on the sample fleet, then verify and a report (two to four minutes)',
  test: 'all tests; one file or folder: npm test -- apps/shared/hints',
  check: 'format, lint, types and secrets, as continuous integration does',
  'check:secrets': 'search all files of the repository for secrets',
  format: 'format and repair what can be',
  build: 'compile to dist/, as the images hold it',
  bench: 'MB of log per CPU-second of each stage, beside zstd, gzip, wc and pt-query-digest',
  'bench:docs': 'write what bench measured to docs/benchmarks.md',
  'make-fleet': 'make the sample fleet anew with real MariaDB and PostgreSQL servers',
  proof:
    'the long tests: kills, crashes, a file of 3 GB, the demo, and the stacks by the real tools (about 20 minutes; names choose some)',
  synth: 'synthesize the CDKTF stacks',
  validate: 'check the stacks with Terraform and the real providers',
  checkov: 'check the stacks with checkov, which is installed at the first run',
  lab: 'deploy bootstrap and poc to an emulator of AWS with the real cdktf, plan again, destroy',
  docs: 'write the module reference, the diagrams and the tables of the deploy guide from the code',
  help: 'print this',
  'help:write': 'write this to the file help, after a command or script was added',
};

/** The list of all that can be run here: npm scripts, then the commands of `aurora-logs`. */
export function helpText(scripts: Readonly<Record<string, string>>, program: Command): string {
  const missing = Object.keys(scripts).filter((name) => !(name in SCRIPTS));
  if (missing.length > 0) throw new Error(`scripts/help-text.ts does not say what npm run ${missing.join(', ')} does`);
  const npm = Object.keys(scripts).map(
    (name): Line => [name === 'test' ? 'npm test' : `npm run ${name}`, SCRIPTS[name]],
  );
  const commands = program.commands.map(
    (command): Line => [usage(command), command.summary() || firstSentence(command.description())],
  );
  return [
    'Aurora Log System: keeps and searches the logs of a fleet of AWS Aurora databases.',
    'First: npm ci',
    '',
    'In this repository',
    ...columns(npm),
    '',
    'The command line: npx aurora-logs COMMAND (each with --help; exit codes: npx aurora-logs --help)',
    ...columns(commands),
    '',
  ].join('\n');
}

type Line = [left: string, right: string | undefined];

function usage(command: Command): string {
  return [command.name(), command.usage().replace('[options]', '').trim()].join(' ').trim();
}

function firstSentence(text: string): string {
  const sentence = text.replaceAll(/\s+/g, ' ').split(/\.(?:\s|$)/)[0] ?? '';
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function columns(lines: readonly Line[]): string[] {
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right ?? ''}`.trimEnd());
}
