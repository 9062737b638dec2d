import { Command, CommanderError } from 'commander';
import { Failure } from '../shared/failure.ts';
import { VERSION } from '../shared/version.ts';
import { EXIT, exitCodeTable } from './exit-codes.ts';
import { reportFailure } from './output.ts';

/** Every command, in the order of the help; loaded when wanted, because most need little of what others need. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  run: async () => (await import('./commands/run.ts')).addRun,
  simulate: async () => (await import('./commands/simulate.ts')).addSimulate,
  restore: async () => (await import('./commands/restore.ts')).addRestore,
  verify: async () => (await import('./commands/verify.ts')).addVerify,
  parse: async () => (await import('./commands/parse.ts')).addParse,
  cost: async () => (await import('./commands/cost.ts')).addCost,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
};

/** The command line with one command, or with all of them where `name` is none. */
export async function createProgram(name?: string): Promise<Command> {
  const program = new Command('aurora-logs')
    .description('Keeps and searches the logs of a fleet of AWS Aurora databases.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(add --help for what this command takes)')
    .addHelpText('after', `\nExit codes:\n${exitCodeTable()}`);
  const wanted = name === undefined ? undefined : COMMANDS[name];
  for (const load of wanted ? [wanted] : Object.values(COMMANDS)) (await load())(program);
  return program;
}

/** Runs the command line and sets the exit code; never calls process.exit, so that no output is cut. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.stdout.on('error', () => undefined);
    // A reader that leaves has seen enough.
    if (error.code !== 'EPIPE') process.exitCode = reportFailure(outputFailure(error), json);
  });
  try {
    const program = await createProgram(argv[2]);
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else process.exitCode = reportFailure(error, json);
  }
}

function outputFailure(error: Error): Failure {
  const message = `The output could not be written (${error.message}); what was written is not complete.`;
  return new Failure('OUTPUT_FAILED', message, { cause: error });
}
