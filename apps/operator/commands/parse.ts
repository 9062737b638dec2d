import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { createRecordParser } from '../../processor/parsers/create-record-parser.ts';
import type { RecordContext, RecordParser } from '../../processor/parsers/record-parser.ts';
import { Failure } from '../../shared/failure.ts';
import { createOutput, writeBytes } from '../output.ts';

/** The types of log that `parse` takes, and what the parser has to know of each. */
const TYPES = {
  'aurora-mysql-slowquery': { dbSystem: 'mysql', kind: 'slowquery' },
  'aurora-postgresql-stderr': { dbSystem: 'postgresql', kind: 'postgresql' },
} as const satisfies Record<string, Pick<RecordContext, 'dbSystem' | 'kind'>>;
type LogType = keyof typeof TYPES;

const CHUNK_BYTES = 128 * 1024;

const EXAMPLES = `
Types: ${Object.keys(TYPES).join(', ')}.

Examples:
  aurora-logs parse --type aurora-mysql-slowquery mysql-slowquery.log > records.ndjson
  zcat postgresql.log.gz | aurora-logs parse --type aurora-postgresql-stderr --prefix '%m [%p] %q%u@%d ' - | jq .body`;

interface ParseOptions {
  readonly type: LogType;
  readonly prefix?: string;
}

/** Adds `parse`: the records of a log file as NDJSON to stdout, how many there were to stderr. */
export function addParse(program: Command): void {
  program
    .command('parse')
    .summary('parse a log file into one JSON object per record and line')
    .description('Parse a log file into one JSON object per record and line.')
    .argument('<file>', 'the log file, - for standard input')
    .requiredOption('--type <type>', 'what kind of log it is', parseType)
    .option('--prefix <log_line_prefix>', "the server's log_line_prefix, for aurora-postgresql-stderr")
    .addHelpText('after', EXAMPLES)
    .action(parse);
}

async function parse(file: string, options: ParseOptions): Promise<void> {
  const { dbSystem, kind } = TYPES[options.type];
  if (options.prefix !== undefined && kind !== 'postgresql') {
    throw new Failure('USAGE', `--prefix is for aurora-postgresql-stderr: a ${options.type} log has none.`);
  }
  const local = { accountId: '', region: '', clusterId: '', instanceId: '', resourceId: 'local', seq: 1 };
  const prefix = options.prefix === undefined ? {} : { logLinePrefix: options.prefix };
  const parser = createRecordParser({ ...local, dbSystem, kind, fileName: file, ...prefix }, { offset: 0 });
  const started = performance.now();
  const totals = { records: 0, rawRecords: 0, bytes: 0 };
  for await (const chunk of chunksOf(file)) {
    parser.write(chunk);
    if (!(await writeRecords(parser, totals))) return;
  }
  parser.flush();
  if (await writeRecords(parser, totals)) report(totals, (performance.now() - started) / 1000);
}

interface Totals {
  records: number;
  rawRecords: number;
  bytes: number;
}

/** Answers false when nobody reads the output any more. */
async function writeRecords(parser: RecordParser, totals: Totals): Promise<boolean> {
  const { records, rawRecords, from, to, ndjson } = parser.take();
  totals.records += records;
  totals.rawRecords += rawRecords;
  totals.bytes += to - from;
  return ndjson.length === 0 || writeBytes(ndjson);
}

async function* chunksOf(file: string): AsyncIterable<Buffer> {
  const input: Readable = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
  try {
    yield* input;
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException);
  }
}

function unreadable(file: string, cause: NodeJS.ErrnoException): unknown {
  if (cause.code === undefined) return cause;
  if (cause.code === 'ENOENT') return new Failure('NOT_FOUND', `There is no file ${file}.`, { cause });
  if (cause.code === 'EISDIR') return new Failure('USAGE', `${file} is a folder; name a log file.`, { cause });
  return new Failure('FOLDER_UNREADABLE', `${file} cannot be read: ${cause.message}.`, { cause });
}

function report({ records, rawRecords, bytes }: Totals, seconds: number): void {
  const megabytes = bytes / 1e6;
  const speed = seconds > 0 ? megabytes / seconds : 0;
  createOutput({ json: false }).note(
    `${records} records, ${rawRecords} of them raw, from ${bytes} bytes in ${seconds.toFixed(2)} s (${speed.toFixed(0)} MB/s).`,
  );
}

function parseType(text: string): LogType {
  if (Object.hasOwn(TYPES, text)) return text as LogType;
  throw new Failure('USAGE', `--type ${text} is not known. Types: ${Object.keys(TYPES).join(', ')}.`);
}
