import type { Command } from 'commander';
import type { ArchivedFile } from '../../shared/archive/catalog.ts';
import { openArchive } from '../../shared/archive/open-archive.ts';
import { readGeneration } from '../../shared/archive/read-chain.ts';
import { Failure } from '../../shared/failure.ts';
import type { Archive } from '../../shared/ports/archive.ts';
import { EXIT } from '../exit-codes.ts';
import { createOutput, type Output, writeBytes } from '../output.ts';
import { choose, seenAs } from '../restore/choose.ts';
import { findFiles, type SeenOnTheWay } from '../restore/find-files.ts';
import { ambiguous, notFound, nothingListed, type RestoreRequest, stateOf } from '../restore/refusals.ts';

interface RestoreOptions {
  readonly archive: string;
  readonly generation?: number;
  readonly at?: number;
  readonly list?: true;
  readonly json?: true;
}

interface ListRequest extends RestoreOptions {
  readonly instance: string | undefined;
  readonly fileName: string | undefined;
}

const EXAMPLES = `
Examples:
  aurora-logs restore --archive ./archive orders-1 slowquery/mysql-slowquery.log.2026-11-21.03 > slow.log
  aurora-logs restore --archive ./archive orders-1 slowquery/mysql-slowquery.log --at 2026-11-21T03:12:00Z
  aurora-logs restore --archive s3://aurora-logs-production-archive-123456789012 --list --json orders-1

A file that is still open is restored as far as it is archived. Exit code 3: bytes at its end were declared lost.
A damaged file ends with exit code 14, after the bytes before the damage.`;

/** Adds `restore`: a log file's exact bytes from the archive to stdout. */
export function addRestore(program: Command): void {
  program
    .command('restore')
    .summary("write a log file's exact bytes from the archive to stdout, or list what there is")
    .description("Write a log file's exact bytes from the archive to stdout, or list what there is.")
    .argument('[instance]', 'instance identifier or resource id')
    .argument('[file]', 'name of the file, as RDS shows it or showed it')
    .requiredOption('--archive <location>', 'folder, or s3://bucket[/prefix]')
    .option('--generation <number>', 'which one of the files that had this name', parseGeneration)
    .option('--at <time>', 'the file that had this name at a time, such as 2026-11-21T03:12:00Z', parseTime)
    .option('--list', 'list files instead: instance, name, kind, generation, bytes, state')
    .option('--json', 'list as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action(restore);
}

async function restore(instance: string | undefined, fileName: string | undefined, options: RestoreOptions) {
  const archive = await openArchive(options.archive, { mode: 'read' });
  if (options.list) return list(archive, { ...options, instance, fileName });
  if (instance === undefined || fileName === undefined) {
    throw new Failure('USAGE', 'Name the instance and the file, or --list to see what there is.');
  }
  const request: RestoreRequest = { archive: options.archive, instance, fileName };
  const file = await findOne(archive, request, options);
  for await (const { bytes } of readGeneration(archive, file.generation)) {
    if (!(await writeBytes(bytes))) return;
  }
  report(file);
}

async function findOne(archive: Archive, request: RestoreRequest, options: RestoreOptions): Promise<ArchivedFile> {
  const seen = nothingSeen();
  const found: ArchivedFile[] = [];
  const output = createOutput({ json: false });
  for await (const file of findFiles(archive, request, seen)) {
    found.push(file);
    if (found.length % 100 === 0)
      output.progress(`Looking through the archive: ${found.length} files of ${request.instance}`);
  }
  output.endProgress();
  const [file, ...others] = choose(found, request.fileName, options);
  if (file === undefined) throw notFound(request, found, seen);
  if (others.length > 0) throw ambiguous(request, [file, ...others]);
  return file;
}

function nothingSeen(): SeenOnTheWay {
  return { instances: new Set(), fileNames: new Set() };
}

function report(file: ArchivedFile): void {
  const { note } = createOutput({ json: false });
  if (file.state === 'open' && !file.sealed) note(`The file is still open: ${file.bytes} bytes are archived so far.`);
  if (file.lost === undefined || file.sealed) return;
  const { start, end, reason } = file.lost;
  note(`Not complete: bytes ${start} to ${end} were lost at the source (${reason}).`);
  process.exitCode = EXIT.incomplete;
}

async function list(archive: Archive, request: ListRequest): Promise<void> {
  const { instance, fileName } = request;
  const output = createOutput({ json: request.json === true });
  const seen = nothingSeen();
  let files = 0;
  let bytes = 0;
  output.item('version', { version: 1, command: 'restore' });
  for await (const file of findFiles(archive, { instance, fileName }, seen)) {
    if (fileName !== undefined && seenAs(file, fileName) === undefined) continue;
    if (files === 0) output.line(row('INSTANCE', 'KIND', 'GENERATION', 'BYTES', 'STATE', 'FILE NAMES'));
    files += 1;
    bytes += file.bytes;
    listOne(file, output);
  }
  if (files === 0 && instance !== undefined) throw nothingListed({ ...request, instance }, seen);
  if (files === 0) output.note('The archive holds no files yet.');
  output.item('summary', { files, bytes });
}

function listOne(file: ArchivedFile, output: Output): void {
  const { generation, registration } = file;
  const names = file.names.map((name) => name.fileName);
  const state = stateOf(file);
  const { kind, seq } = generation;
  output.line(row(registration.instanceId, kind, String(seq), String(file.bytes), state, names.join(', ')));
  output.item('item', {
    instance: registration.instanceId,
    resourceId: generation.resourceId,
    accountId: generation.accountId,
    region: generation.region,
    kind,
    generation: seq,
    fileNames: names,
    firstSeen: new Date(registration.registeredAt).toISOString(),
    bytes: file.bytes,
    state,
    ...(registration.continues ? { continues: registration.continues.seq } : {}),
    ...(file.lost ? { lost: file.lost } : {}),
  });
}

function row(instance: string, kind: string, generation: string, bytes: string, state: string, names: string): string {
  return `${instance.padEnd(24)} ${kind.padEnd(10)} ${generation.padStart(10)} ${bytes.padStart(14)} ${state.padEnd(6)} ${names}`;
}

function parseGeneration(text: string): number {
  const generation = Number(text);
  if (Number.isSafeInteger(generation) && generation > 0) return generation;
  throw new Failure('USAGE', `--generation ${text} is not a number from 1 on.`);
}

function parseTime(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new Failure('USAGE', `--at ${text} is not a time. Write it as 2026-11-21T03:12:00Z.`);
}
