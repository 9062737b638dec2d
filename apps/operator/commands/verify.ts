import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { openArchive } from '../../shared/archive/open-archive.ts';
import { Failure } from '../../shared/failure.ts';
import { openEmbeddedPositions } from '../../shared/positions/embedded-positions.ts';
import { EXIT } from '../exit-codes.ts';
import { formatBytes, formatCount } from '../format.ts';
import { matchesGlob } from '../glob.ts';
import { createOutput, type Output } from '../output.ts';
import { connectRds } from '../rds-connection.ts';
import { stopSignal } from '../stop-signal.ts';
import { listRecordFiles } from '../verify/check-records.ts';
import type { FileReport, ProblemKind, VerifySummary } from '../verify/findings.ts';
import { nextSteps } from '../verify/next-steps.ts';
import { openSourceListing } from '../verify/source-listing.ts';
import { type VerifyDeps, type VerifyObserver, verifyArchive } from '../verify/verify-archive.ts';

interface VerifyOptions {
  readonly archive: string;
  readonly state: string;
  readonly records?: string;
  readonly rdsEndpoint?: string;
  readonly region?: string;
  readonly instances: string;
  readonly json?: true;
}

const HELP = `
Examples:
  aurora-logs verify --archive a --state s --records r
  aurora-logs verify --archive a --state s --rds-endpoint http://127.0.0.1:9000 --json

Reads every object of the archive, and believes no counter: decompresses, hashes, follows each chain. With --records, checks
that the records hold each byte exactly once. With --rds-endpoint or --region, asks RDS what it lists now; without, what
was listed is what the state remembers.
Exit codes: 0 all is well; 4 looked and found a problem, declared loss included; 10 to 17 could not look.`;

/** Adds `verify`: audits the archive against what was listed and against the records. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .summary('prove that every byte is there: listed, archived, parsed, or lost with a reason')
    .description(
      'Proves from the archive itself that every byte is there: listed, archived, parsed, or lost with a reason.',
    )
    .requiredOption('--archive <dir>', 'folder or s3://bucket/prefix with the raw bytes')
    .requiredOption('--state <dir>', 'folder with the positions')
    .option('--records <dir>', 'folder with the records')
    .option('--rds-endpoint <url>', 'compare with what this RDS API lists now')
    .option('--region <region>', 'compare with what RDS lists now in this AWS region')
    .option('--instances <glob>', 'only these instances of the listing', '*')
    .option('--json', 'print JSON lines, the summary last')
    .addHelpText('after', HELP)
    .action(verify);
}

async function verify(options: VerifyOptions): Promise<void> {
  const output = createOutput({ json: options.json === true });
  const archive = await openArchive(options.archive, { mode: 'read' });
  const records = options.records === undefined ? {} : { records: await listRecordFiles(options.records) };
  await expectState(options.state);
  const positions = await openEmbeddedPositions(options.state);
  const stop = stopSignal(output);
  try {
    await withListing(options, stop.signal, async (source) => {
      const deps = { archive, positions, ...records, ...source, signal: stop.signal };
      await report(deps, options, output);
    });
  } finally {
    stop.done();
    await positions.close();
  }
}

/** Opening the positions would make the folder; an audit makes nothing. */
async function expectState(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new Failure(
    'NOT_FOUND',
    `There is no state in ${folder}. Name the folder that "aurora-logs run --state" writes to.`,
  );
}

async function withListing(
  options: VerifyOptions,
  signal: AbortSignal,
  work: (source: Pick<VerifyDeps, 'source'>) => Promise<void>,
): Promise<void> {
  const { rdsEndpoint: endpoint, region, instances } = options;
  if (endpoint === undefined && region === undefined) return work({});
  const rds = connectRds({ endpoint, region });
  try {
    const source = await openSourceListing(rds, (instance) => matchesGlob(instance.instanceId, instances), signal);
    await work({ source });
  } finally {
    rds.close();
  }
}

async function report(deps: VerifyDeps, options: VerifyOptions, output: Output): Promise<void> {
  const kinds = new Set<ProblemKind>();
  output.item('version', { version: 1, command: 'verify' });
  const printer = createPrinter(output);
  const summary = await verifyArchive(deps, {
    bytes: printer.bytes,
    file: (file) => {
      for (const { kind } of file.problems) kinds.add(kind);
      printer.file(file);
    },
  });
  output.endProgress();
  // What was interrupted has proven nothing: the exit code says so, and there is no summary to be taken for one.
  if (deps.signal.aborted) return;
  if (summary.problems > 0) process.exitCode = EXIT.problemFound;
  const next = nextSteps(kinds, options);
  output.line(inWords(summary, deps.records !== undefined));
  for (const step of next) output.line(`  ${step}`);
  output.item('summary', { ...summary, next });
}

function createPrinter(output: Output): VerifyObserver {
  let [files, bytes, problems] = [0, 0, 0];
  const progress = () => {
    const text = `${formatCount(files)} files, ${formatBytes(bytes)} read, ${formatCount(problems)} problems`;
    output.progress(text, { files, bytes, problems });
  };
  return {
    bytes: (count) => {
      bytes += count;
      progress();
    },
    file: (file) => {
      files += 1;
      problems += file.problems.length;
      output.line(row(file));
      for (const { kind, message } of file.problems) output.line(`    ${kind}: ${message}`);
      output.item('item', { ...file });
    },
  };
}

function row(file: FileReport): string {
  const { instanceId, resourceId, fileName, generation, state } = file;
  const counts = [
    `listed ${file.bytesListed}`,
    `archived ${file.bytesArchived}`,
    `parsed ${file.bytesParsed}`,
    `lost ${file.bytesLost}`,
    `twice ${file.bytesDuplicated}`,
  ];
  const mark = file.problems.length === 0 ? 'ok     ' : 'PROBLEM';
  return `${mark} ${instanceId || resourceId} ${fileName} generation ${generation} ${state}: ${counts.join(', ')}`;
}

function inWords(summary: VerifySummary, withRecords: boolean): string {
  const { recordsParsed, recordsRaw, problems } = summary;
  const parsed = withRecords
    ? `${formatBytes(summary.bytesParsed)} parsed (${formatCount(recordsParsed)} records and ${formatCount(recordsRaw)} raw ones)`
    : 'records not looked at';
  const archived = `${formatBytes(summary.bytesListed)} listed, ${formatBytes(summary.bytesArchived)} archived, ${parsed}`;
  const bad = `${formatBytes(summary.bytesLost)} lost, ${formatBytes(summary.bytesDuplicated)} twice`;
  const verdict = problems === 0 ? 'No problems were found.' : `${formatCount(problems)} problems were found:`;
  return `${formatCount(summary.files)} files: ${archived}, ${bad}.\n${verdict}`;
}
