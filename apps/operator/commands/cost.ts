import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { defaultVolume, designOf, type Estimate, estimateOf } from '../cost/estimate.ts';
import { curveOf, renderPlot } from '../cost/plot.ts';
import { renderText, usd } from '../cost/render.ts';
import { summarize } from '../cost/summary.ts';
import { type StackFile, synthesize } from '../cost/synthesized.ts';
import { EXIT } from '../exit-codes.ts';
import { createOutput } from '../output.ts';

interface CostOptions {
  readonly tbPerMonth?: number;
  readonly instances?: number;
  readonly max?: number;
  readonly plot?: string;
  readonly details: boolean;
  readonly json: boolean;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above zero.');
  return value;
}

function drawing(file: string): string {
  if (!/\.(svg|html)$/.test(file)) throw new InvalidArgumentError('It must end with .svg or .html.');
  return file;
}

/** Adds `cost`: what an environment costs a month, from its synthesized stack. `checkout` is where the CDKTF app lies. */
export function addCost(program: Command, checkout: string = process.cwd()): void {
  program
    .command('cost')
    .summary('say what an environment costs a month, from its synthesized stack')
    .description('Says what an environment costs a month, from its synthesized stack and a dated price file.')
    .argument('<environment>', 'poc or production')
    .option('--tb-per-month <TB>', 'raw log bytes a month, in TB of 1,000 GB', positive)
    .option('--instances <N>', 'watched Aurora instances', positive)
    .option('--max <USD>', 'exit with 4 when the total with spot, without account-wide services, is above', positive)
    .option('--plot <file>', 'draw the estimate into an .svg or .html file', drawing)
    .option('--details', 'list every line', false)
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', EXAMPLES)
    .action((environment: string, options: CostOptions) => runCost(checkout, environment, options));
}

const EXAMPLES = `
Examples:
  aurora-logs cost poc --max 150
  aurora-logs cost production --tb-per-month 250 --instances 800 --plot cost.html
`;

async function runCost(checkout: string, environment: string, options: CostOptions): Promise<void> {
  const output = createOutput({ json: options.json });
  const design = designOf(environment);
  const stacks = await synthesize(checkout, environment);
  const volume = { ...defaultVolume(design), ...volumeOf(options) };
  const estimate = estimateOf(environment, stacks, volume);
  const summary = summarize(estimate);
  for (const text of renderText(summary, options.details)) output.line(text);
  output.item('summary', { ...summary });
  if (options.plot) {
    await writePlot(options.plot, estimate, stacks);
    output.note(`The plot is in ${options.plot}.`);
  }
  if (options.max !== undefined && summary.total.spot > options.max) {
    output.note(`${environment} costs ${usd(summary.total.spot)} USD a month, above ${usd(options.max)}.`);
    process.exitCode = EXIT.problemFound;
  }
}

function volumeOf({ tbPerMonth, instances }: CostOptions): { tbPerMonth?: number; instances?: number } {
  return { ...(tbPerMonth === undefined ? {} : { tbPerMonth }), ...(instances === undefined ? {} : { instances }) };
}

async function writePlot(file: string, estimate: Estimate, stacks: ReadonlyMap<string, StackFile>): Promise<void> {
  const format = file.endsWith('.html') ? 'html' : 'svg';
  await writeFile(file, renderPlot(summarize(estimate), curveOf(estimate, stacks), format));
}
