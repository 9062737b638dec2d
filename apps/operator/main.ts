import { Command, CommanderError } from 'commander';
import { reportFailure } from './output.ts';

/** Exit codes that are not a failure of the environment (those are in `FAILURES`). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  problemFound: 4,
  interrupted: 130,
  terminated: 143,
} as const;

export function createProgram(): Command {
  const program = new Command('aurora-logs')
    .description('Keeps and searches the logs of a fleet of AWS Aurora databases.')
    .exitOverride()
    .showHelpAfterError('(add --help for what this command takes)');
  return program;
}

/** Runs the command line and sets the exit code; never calls process.exit, so that no output is cut. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else process.exitCode = reportFailure(error, argv.includes('--json'));
  }
}
