import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { DemoRun, DemoSample } from '../demo/demo-run.ts';
import { findProblems, renderReport } from '../demo/report.ts';
import { type DemoObserver, type DemoOptions, runDemo } from '../demo/run-demo.ts';
import { EXIT } from '../exit-codes.ts';
import { formatBytes, formatCount } from '../format.ts';
import { numberOption } from '../number-option.ts';
import { createOutput, type Output } from '../output.ts';
import { stopSignal } from '../stop-signal.ts';

interface DemoFlags {
  readonly seconds: number;
  readonly instances: number;
  readonly root: string;
  readonly seed: number;
  readonly report: string;
  readonly keep?: string;
  readonly json?: true;
}

const SAMPLE_FLEET = fileURLToPath(new URL('../../simulator/sample-fleet', import.meta.url));

/** Adds `demo`: the whole pipeline at work on a simulated fleet, and the proof that nothing was lost. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .summary('watch the whole pipeline at work, without AWS')
    .description(
      'Starts a simulated fleet that writes real logs, follows it with the real pipeline, then audits the archive and\ncompares every restored file with what the fleet wrote. Writes a report for the browser.',
    )
    .addOption(numberOption('--seconds <n>', 'how long the fleet writes', { value: 60, min: 5 }))
    .addOption(numberOption('--instances <n>', 'how many instances', { value: 24, min: 1 }))
    .option('--root <fleet>', 'a folder of logs as "simulate" takes it (default: the sample fleet)', SAMPLE_FLEET)
    .addOption(numberOption('--seed <n>', 'makes the fleet repeatable', { value: 1, min: 0 }))
    .option('--report <file>', 'where the report goes', 'demo-output/report.html')
    .option('--keep <dir>', 'keep archive, records and state in this new folder')
    .option('--json', 'print JSON lines, the summary last')
    .addHelpText(
      'after',
      `
Examples:
  aurora-logs demo
  aurora-logs demo --seconds 20 --instances 8 --keep demo-output/fleet
Exit codes: 0 every byte is in the archive, once; 4 it is not.`,
    )
    .action(demo);
}

async function demo(flags: DemoFlags): Promise<void> {
  const output = createOutput({ json: flags.json === true });
  output.item('version', { version: 1, command: 'demo' });
  const stop = stopSignal(output);
  const folder = await outputFolder(flags.keep);
  try {
    const options: DemoOptions = { ...flags, output: folder };
    const run = await runDemo(options, createView(output), stop.signal);
    output.endProgress();
    if (stop.signal.aborted) return;
    const report = resolve(flags.report);
    await mkdir(resolve(report, '..'), { recursive: true });
    await writeFile(report, renderReport(run));
    process.exitCode = conclude(run, report, output);
  } finally {
    stop.done();
    if (flags.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function outputFolder(keep: string | undefined): Promise<string> {
  if (keep === undefined) return mkdtemp(join(tmpdir(), 'aurora-logs-demo-'));
  await mkdir(keep, { recursive: true });
  return keep;
}

function createView(output: Output): DemoObserver {
  let last: DemoSample | undefined;
  return {
    phase: (text) => output.note(text),
    sample: (sample, instances, totals) => {
      const records = sample.records - (last?.records ?? 0);
      const rate = records / Math.max(sample.t - (last?.t ?? 0), 0.001);
      last = sample;
      const calls = Object.values(sample.apiCalls).reduce((sum, count) => sum + count, 0);
      const text = [
        `${sample.t.toFixed(0).padStart(3)} s`,
        `${instances} instances`,
        `${formatBytes(sample.bytesOffered)} written, ${formatBytes(sample.bytesArchived)} archived`,
        `${formatCount(Math.round(rate))} records/s`,
        `lag ${sample.lagSeconds.p50.toFixed(1)} s, worst ${sample.lagSeconds.max.toFixed(1)} s`,
        `${formatCount(calls)} API calls, ${formatCount(sample.throttled)} throttled`,
        `${totals.rotations} rotations`,
      ].join(' | ');
      output.progress(text, { ...sample });
    },
  };
}

/** Says how a demo went, the summary last, and answers the exit code. */
export function conclude(run: DemoRun, report: string, output: Output): number {
  const problems = findProblems(run);
  const { filesCompared, filesIdentical, bytesGenerated, bytesArchived, recordsParsed, recordsRaw, rotations } = run;
  output.line('');
  output.line(
    `${formatBytes(bytesGenerated)} generated, ${formatBytes(bytesArchived)} archived; lost ${run.bytesLost}, duplicated ${run.bytesDuplicated} bytes.`,
  );
  output.line(
    `${formatCount(recordsParsed)} records parsed, ${formatCount(recordsRaw)} raw; ${rotations} rotations, ${formatCount(run.apiCalls)} API calls, ${formatCount(run.throttled)} throttled.`,
  );
  output.line(`${filesIdentical} of ${filesCompared} restored files are what the API had offered, byte for byte.`);
  for (const problem of problems) output.line(`PROBLEM: ${problem}`);
  output.line(`Report: ${report}`);
  const { bytesLost, bytesDuplicated, apiCalls, throttled, seconds } = run;
  const counted = {
    bytesGenerated,
    bytesArchived,
    bytesLost,
    bytesDuplicated,
    recordsParsed,
    recordsRaw,
    problems: run.problems,
  };
  const instances = run.perInstance.length;
  output.item('summary', {
    instances,
    ...counted,
    apiCalls,
    throttled,
    rotations,
    seconds,
    filesCompared,
    filesIdentical,
    report,
  });
  return problems.length > 0 ? EXIT.problemFound : EXIT.done;
}
