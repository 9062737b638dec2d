import type { Command } from 'commander';
import { PLAN_DEFAULTS } from '../../discovery/plan.ts';
import { createNdjsonFolderSink } from '../../processor/adapters/ndjson-folder-sink.ts';
import { createRecordParser } from '../../processor/parsers/create-record-parser.ts';
import { SHIP_DEFAULTS } from '../../processor/ship-deps.ts';
import { openArchive } from '../../shared/archive/open-archive.ts';
import { createInProcessHints } from '../../shared/hints/in-process-hints.ts';
import { systemClock } from '../../shared/ports/clock.ts';
import { openEmbeddedPositions } from '../../shared/positions/embedded-positions.ts';
import { WRITER } from '../../shared/version.ts';
import { EXIT } from '../exit-codes.ts';
import { matchesGlob } from '../glob.ts';
import { numberOption } from '../number-option.ts';
import { createOutput } from '../output.ts';
import { connectRds } from '../rds-connection.ts';
import { refuseTypo } from '../standalone/refuse-typo.ts';
import { createRunReporter, type RunReporter } from '../standalone/run-reporter.ts';
import { runFollowing, runOnce, type StandaloneDeps, type StandaloneSettings } from '../standalone/run-standalone.ts';
import { stopSignal } from '../stop-signal.ts';

interface RunOptions {
  rdsEndpoint?: string;
  region?: string;
  instances: string;
  archive: string;
  records: string;
  state: string;
  once?: true;
  interval: number;
  dueAfter: number;
  closeAfter: number;
  concurrency: number;
  json?: true;
}

/** `aurora-logs run`: discovery and processor in one process. */
export function addRun(program: Command): void {
  program
    .command('run')
    .summary('archive and parse the logs of a fleet, in one process')
    .description(
      'Follows the logs of all Aurora instances of one account and region: every byte goes to the archive, every record to\nNDJSON files. Stop it whenever you like, also by kill -9: it goes on where the archive ends.',
    )
    .requiredOption('--archive <dir>', 'folder or s3://bucket/prefix that keeps the raw bytes')
    .requiredOption('--records <dir>', 'folder for the records, as <stream>/<instance>/*.ndjson')
    .requiredOption('--state <dir>', 'folder for positions; losing it costs time, not bytes')
    .option('--once', 'end when all that is listed at the start is archived and parsed')
    .option('--instances <glob>', 'only instances whose identifier matches, such as "orders-*"', '*')
    .option('--rds-endpoint <url>', 'another RDS API than AWS, such as a simulator')
    .option('--region <region>', 'AWS region (default: AWS_REGION, or that of the profile)')
    .addOption(numberOption('--interval <seconds>', 'between two looks at the fleet', { value: 60, min: 0 }))
    .addOption(
      numberOption('--due-after <seconds>', 'how long new bytes may wait before they are fetched', {
        value: 120,
        min: 0,
      }),
    )
    .addOption(
      numberOption('--close-after <seconds>', 'a rotated file is closed when it has been still for this long', {
        value: 900,
        min: 0,
      }),
    )
    .addOption(numberOption('--concurrency <files>', 'files worked on at once', { value: 8, min: 1 }))
    .option('--json', 'print JSON lines; the last one of a run that ends by itself is the summary')
    .addHelpText(
      'after',
      `
Examples:
  aurora-logs run --archive a --records r --state s --region eu-central-1
  aurora-logs run --archive a --records r --state s --rds-endpoint http://127.0.0.1:9000 --once

Credentials come from the AWS chain (environment, profile, container, instance). For an endpoint on this machine without
any in the environment, the simulator's are used. Needed: rds:DescribeDBClusters, rds:DescribeDBInstances,
rds:DescribeDBLogFiles, rds:DownloadDBLogFilePortion, rds:DownloadCompleteDBLogFile; rds:DescribeDBParameters and
rds:DescribeDBClusterParameters where log_line_prefix was changed.
Exit codes: 0 done, 3 some files or instances could not be read (each is named), 10 no instance is named like
--instances, 11 --state is in use, 15 a disk is full; "aurora-logs --help" lists all.`,
    )
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  const output = createOutput({ json: options.json === true });
  output.item('version', { version: 1, command: 'run' });
  const reporter = createRunReporter(output, systemClock);
  const source = connectRds({ endpoint: options.rdsEndpoint, region: options.region, onCall: reporter.onCall });
  const stop = stopSignal(output);
  try {
    const archive = await openArchive(options.archive, { mode: 'write' });
    const sink = await createNdjsonFolderSink(options.records);
    const positions = await openEmbeddedPositions(options.state);
    try {
      await follow(options, { source, archive, sink, positions }, reporter, stop.signal);
    } finally {
      await positions.close();
    }
  } finally {
    source.close();
    stop.done();
  }
}

async function follow(
  options: RunOptions,
  stores: Pick<StandaloneDeps, 'source' | 'archive' | 'sink' | 'positions'>,
  reporter: RunReporter,
  signal: AbortSignal,
): Promise<void> {
  const deps: StandaloneDeps = {
    ...stores,
    hints: createInProcessHints({ capacity: 100_000 }),
    createParser: createRecordParser,
    clock: systemClock,
    random: Math.random,
    writer: WRITER,
  };
  const observer = { ...reporter, onDiscovery: refuseTypo(options.instances, reporter.onDiscovery) };
  if (options.once !== true) return runFollowing(deps, settingsOf(options), observer, signal);
  const undone = await runOnce(deps, settingsOf(options), observer, signal);
  if (signal.aborted) return;
  reporter.summary(undone);
  if (undone.length > 0) process.exitCode = EXIT.incomplete;
}

function settingsOf(options: RunOptions): StandaloneSettings {
  const { closeAfter, dueAfter, interval, once } = options;
  const untilDone = once === true;
  return {
    ship: { ...SHIP_DEFAULTS, closeAfterMs: closeAfter * 1000, untilDone },
    plan: {
      ...PLAN_DEFAULTS,
      closeAfterMs: closeAfter * 1000,
      dueAfterMs: untilDone ? 0 : dueAfter * 1000,
      flushAfterMs: untilDone ? 0 : PLAN_DEFAULTS.flushAfterMs,
    },
    wanted: (instance) => matchesGlob(instance.instanceId, options.instances),
    intervalMs: interval * 1000,
    concurrency: options.concurrency,
    inFlightBytes: 44 * 1024 * 1024,
  };
}
