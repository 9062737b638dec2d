import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { reportFailure } from '../apps/operator/output.ts';
import { Failure } from '../apps/shared/failure.ts';
import { cleanUpOnSignals, findPrograms } from '../scripts/fleet/processes.ts';
import { compileProduct } from './compile.ts';
import { type Corpus, prepareCorpora } from './corpora.ts';
import type { Usage } from './measure.ts';
import { figures, markdown, type Report, type Result } from './report.ts';
import { ROWS, type Row } from './rows.ts';

const USAGE = `usage: npm run bench -- [--json] [--stage NAME]... [--mb N] [--rounds N]

Measures megabytes of raw log per second of CPU time, on one core, of each stage of the product and of programs that
people know, in one run. Logs of real servers are made at the first run and kept in node_modules/.cache.

  --json         one JSON document on stdout
  --stage NAME   only this stage (and the peers): ${ROWS.filter(({ type }) => type === 'stage')
    .map(({ name }) => `"${name}"`)
    .join(', ')}
  --mb N         size of each corpus (200)
  --rounds N     runs of each; the median counts (3)
`;

interface Options {
  readonly json: boolean;
  readonly stages: readonly string[];
  readonly mb: number;
  readonly rounds: number;
}

function readOptions(args: string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: 'boolean', default: false },
        stage: { type: 'string', multiple: true, default: [] },
        mb: { type: 'string', default: '200' },
        rounds: { type: 'string', default: '3' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return undefined;
    const unknown = values.stage.find((name) => !ROWS.some((row) => row.type === 'stage' && row.name === name));
    if (unknown !== undefined) throw new Failure('USAGE', `There is no stage "${unknown}".\n${USAGE}`);
    const [mb, rounds] = [Number(values.mb), Math.floor(Number(values.rounds))];
    if (!(mb > 0) || !(rounds > 0)) throw new Failure('USAGE', `--mb and --rounds must be over 0.\n${USAGE}`);
    return { json: values.json, stages: values.stage, mb, rounds };
  } catch (error) {
    if (error instanceof TypeError) throw new Failure('USAGE', `${error.message}\n${USAGE}`, { cause: error });
    throw error;
  }
}

/** Peers that are not installed are left out, and said. */
function chooseRows(stages: readonly string[]): { rows: Row[]; left: Report['left'] } {
  const wanted = ROWS.filter(({ type, name }) => type === 'peer' || stages.length === 0 || stages.includes(name));
  const isMissing = ({ needs }: Row) => needs && spawnSync('which', [needs.program]).status !== 0;
  const missing = wanted.filter(isMissing);
  const left = missing.map(({ name, needs }) => ({ row: name, reason: `install ${needs?.debian}` }));
  return { rows: wanted.filter((row) => !missing.includes(row)), left };
}

/** Round by round, so that a busy moment of the machine meets all rows alike. */
async function measureAll(
  rows: readonly Row[],
  corpora: readonly Corpus[],
  rounds: number,
  note: (text: string) => void,
) {
  const compiled = compileProduct();
  const runs = new Map<string, Usage[]>();
  const pairs = corpora.flatMap((corpus) =>
    rows
      .filter((row) => row.corpora.includes(corpus.name))
      .map((row) => ({ row, corpus, key: `${corpus.name} ${row.name}` })),
  );
  for (let round = 1; round <= rounds; round++) {
    for (const { row, corpus, key } of pairs) {
      note(`Round ${round} of ${rounds}: ${row.name} on ${corpus.name}`);
      runs.set(key, [...(runs.get(key) ?? []), await row.run(corpus, compiled)]);
    }
  }
  return pairs.map(({ row, corpus, key }): Result => {
    const bytes = row.cut ? corpus.cut.bytes : corpus.bytes;
    return { corpus: corpus.name, row: row.name, type: row.type, bytes, goals: row.goals, runs: runs.get(key) ?? [] };
  });
}

async function main(args: string[]): Promise<void> {
  const options = readOptions(args);
  if (!options) {
    process.stdout.write(USAGE);
    return;
  }
  const note = (text: string) => process.stderr.write(`${text}\n`);
  cleanUpOnSignals();
  findPrograms({ taskset: 'util-linux', time: 'time', bash: 'bash' });
  const { rows, left } = chooseRows(options.stages);
  const corpora = await prepareCorpora(options.mb, note);
  const report: Report = {
    version: 1,
    node: process.versions.node,
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    measuredAt: new Date().toISOString(),
    rounds: options.rounds,
    left,
    figures: figures(await measureAll(rows, corpora, options.rounds, note)),
  };
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `\n${markdown(report)}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportFailure(error, process.argv.includes('--json'));
}
