import { Command, CommanderError } from 'commander';
import { Failure } from '../shared/failure.ts';
import { VERSION } from '../shared/version.ts';
import { addRestore } from './commands/restore.ts';
import { addRun } from './commands/run.ts';
import { addSimulate } from './commands/simulate.ts';
import { addVerify } from './commands/verify.ts';
import { EXIT, exitCodeTable } from './exit-codes.ts';
import { reportFailure } from './output.ts';

export function createProgram(): Command {
  const program = new Command('aurora-logs')
    .description('Keeps and searches the logs of a fleet of AWS Aurora databases.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(add --help for what this command takes)')
    .addHelpText('after', `\nExit codes:\n${exitCodeTable()}`);
  addRun(program);
  addSimulate(program);
  addRestore(program);
  addVerify(program);
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
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else process.exitCode = reportFailure(error, json);
  }
}

function outputFailure(error: Error): Failure {
  const message = `The output could not be written (${error.message}); what was written is not complete.`;
  return new Failure('OUTPUT_FAILED', message, { cause: error });
}
