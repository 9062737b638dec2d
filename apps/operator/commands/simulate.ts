import { type Command, InvalidArgumentError, Option } from 'commander';
import { Failure } from '../../shared/failure.ts';
import { FAULTS, type FaultName, type FaultOptions } from '../../simulator/model/faults.ts';
import { startSimulator } from '../../simulator/simulator.ts';

const LIVE_ONLY = ['seconds', 'rate', 'rotateEvery', 'deleteAfter', 'vanish', 'missingDuringRotation'] as const;
const BYTES_PER_MB = 1_000_000;

interface SimulateOptions extends FaultOptions {
  readonly root: string;
  readonly port: number;
  readonly seed: number;
  readonly pageSize: number;
  readonly keepCutBytes?: boolean;
  readonly live?: boolean;
  readonly seconds: number;
  readonly rate: number;
  readonly rotateEvery?: number;
  readonly deleteAfter?: number;
}

/**
 * Adds `simulate`: the simulated RDS log API over a folder. The first line on stdout is `listening <url>`; it serves
 * until SIGTERM or SIGINT and then ends with 0.
 */
export function addSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .summary('serve a folder of log files as the RDS log API does, still or growing, with faults by choice')
    .description('Serves a folder of log files as the RDS log API does, still or growing, with faults by choice.')
    .requiredOption('--root <folder>', 'the fleet: <folder>/<instance id>/<log file name as RDS shows it>')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes any free one', parsePort, 0)
    .option('--seed <n>', 'makes growth and faults repeatable', parseInteger, 1)
    .option('--page-size <n>', 'most files per page of DescribeDBLogFiles', parseCount, 1000)
    .option('--keep-cut-bytes', 'the marker after a line that was cut at 1 MiB stands at the cut, not behind the line')
    .option('--live', 'replays the folder as a fleet whose files grow')
    .option('--seconds <n>', 'how long files grow (with --live)', parsePositive, 60)
    .option(
      '--rate <MB/s>',
      'growth of all files together, in 1,000,000 bytes a second (with --live)',
      parsePositive,
      1,
    )
    .option('--rotate-every <seconds>', 'how long a file is active (with --live; default: no rotation)', parsePositive)
    .option('--delete-after <seconds>', 'when a rotated file is deleted (with --live; default: never)', parsePositive);
  for (const { flag, value, help } of Object.values(FAULTS)) {
    if (value === 'switch') command.addOption(new Option(`--${flag}`, help));
    else {
      const parse = value === 'probability' ? parseProbability : parsePositive;
      command.addOption(new Option(`--${flag} <${value === 'probability' ? '0..1' : 'n'}>`, help).argParser(parse));
    }
  }
  command.action(async (options: SimulateOptions) => {
    refuseLiveFlags(command, options);
    await simulate(options);
  });
}

async function simulate(options: SimulateOptions): Promise<void> {
  const { root, port, seed, pageSize } = options;
  const { seconds, rate, rotateEvery: rotateEverySeconds, deleteAfter: deleteAfterSeconds } = options;
  const live = { seconds, bytesPerSecond: rate * BYTES_PER_MB, rotateEverySeconds, deleteAfterSeconds };
  const faults = Object.fromEntries((Object.keys(FAULTS) as FaultName[]).map((name) => [name, options[name]]));
  const simulator = await startSimulator({
    ...{ root, port, seed, pageSize, faults },
    cutBytes: options.keepCutBytes ? 'keep' : 'skip',
    live: options.live ? live : undefined,
  });
  process.stdout.write(`listening ${simulator.url}\n`);
  await new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await simulator.close();
}

function refuseLiveFlags(command: Command, options: SimulateOptions): void {
  if (options.live) return;
  const given = LIVE_ONLY.find((name) => command.getOptionValueSource(name) === 'cli');
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new Failure('USAGE', `--${flag} works on files that grow: add --live, or leave it out.`);
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

function parseProbability(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('Give a number from 0 to 1.');
  return value;
}

function parseInteger(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

function parseCount(text: string): number {
  const value = parseInteger(text);
  if (value < 1 || value > 1000) throw new InvalidArgumentError('Give a whole number from 1 to 1000.');
  return value;
}

function parsePort(text: string): number {
  const value = parseInteger(text);
  if (value > 65_535) throw new InvalidArgumentError('Give a port from 0 to 65535.');
  return value;
}
