import { formatBytes, formatCount } from '../format.ts';
import { demoPlots } from './demo-plots.ts';
import type { DemoInstance, DemoRun } from './demo-run.ts';
import { escapeHtml } from './html.ts';
import { renderPlot } from './plot.ts';
import { formatSeconds } from './plot-scale.ts';
import { REPORT_STYLE } from './report-style.ts';

/** One self-contained HTML page on a finished demo: no script, nothing loaded from elsewhere. */
export function renderReport(run: DemoRun): string {
  const date = `${new Date(run.startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Aurora Log System: demo of ${escapeHtml(date)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<header><h1>Aurora Log System</h1><p class="soft">Demo of ${escapeHtml(date)}</p></header>
${renderVerdict(run)}
${renderFacts(run)}
<h2>Over time</h2>
<div class="plots">
${demoPlots(run).map(renderPlot).join('\n')}
</div>
<h2>By instance</h2>
${renderInstances(run)}
<p class="note">Generated is what the simulated RDS API ever offered, archived what is in the archive, both counted from the bytes
themselves and not from counters. Raw records are those that no parser understands, the heads of files among
them: their text is kept, with the reason.</p>
<footer>aurora-logs ${escapeHtml(run.version)} · simulator, discovery, processor and verification ran on one machine, over the real RDS protocol.</footer>
</main>
</body>
</html>
`;
}

const CHECK =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M7.5 12.5l3 3 6-6.5"/></svg>';
const CROSS =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M8.5 8.5l7 7m0-7l-7 7"/></svg>';

function renderVerdict(run: DemoRun): string {
  const problems = findProblems(run);
  if (problems.length > 0) {
    const list = problems.map((problem) => `<li>${escapeHtml(problem)}</li>`).join('');
    return `<section class="verdict bad">${CROSS}<div><strong>The archive differs from the logs</strong><ul>${list}</ul></div></section>`;
  }
  const proof = `${formatCount(run.filesCompared)} files were restored from the archive and compared with what the API had offered: all are the same, byte for byte.`;
  return `<section class="verdict">${CHECK}<div><strong>Every byte kept: 0 lost, 0 duplicated</strong><p>${proof}</p></div></section>`;
}

/** What keeps a demo from being a success; [] where nothing does. */
export function findProblems(run: DemoRun): string[] {
  const different = run.filesCompared - run.filesIdentical;
  const missing = run.bytesGenerated - run.bytesArchived;
  return [
    ...(run.bytesLost > 0 ? [`${formatCount(run.bytesLost)} bytes are lost.`] : []),
    ...(run.bytesDuplicated > 0 ? [`${formatCount(run.bytesDuplicated)} bytes are archived twice.`] : []),
    ...(missing !== 0
      ? [`${formatCount(run.bytesGenerated)} bytes were generated, ${formatCount(run.bytesArchived)} are archived.`]
      : []),
    ...(different > 0 ? [`${formatCount(different)} of ${formatCount(run.filesCompared)} restored files differ.`] : []),
    ...(run.problems > 0 ? [`The audit found ${formatCount(run.problems)} problems.`] : []),
    ...(run.filesCompared === 0 ? ['No file was compared.'] : []),
  ];
}

function renderFacts(run: DemoRun): string {
  const records = run.recordsParsed + run.recordsRaw;
  const perSecond = (count: number) => count / Math.max(run.seconds, 1);
  const share = run.apiCalls > 0 ? (run.throttled / run.apiCalls) * 100 : 0;
  const facts: [string, string, string][] = [
    ['Instances', formatCount(run.perInstance.length), engines(run.perInstance)],
    ['Logs archived', formatBytes(run.bytesArchived), `${formatBytes(Math.round(perSecond(run.bytesArchived)))}/s`],
    ['Records', formatCount(records), `${formatCount(run.recordsRaw)} of them raw`],
    ['Rotations', formatCount(run.rotations), 'followed while they happened'],
    ['API calls', formatCount(run.apiCalls), `${formatCount(run.throttled)} throttled (${share.toFixed(1)} %)`],
    ['Duration', formatSeconds(run.seconds), `${formatCount(Math.round(perSecond(records)))} records/s`],
  ];
  const items = facts.map(
    ([name, value, more]) => `<div><dt>${name}</dt><dd>${value}<small>${escapeHtml(more)}</small></dd></div>`,
  );
  return `<dl class="facts">${items.join('')}</dl>`;
}

function engines(instances: readonly DemoInstance[]): string {
  const postgresql = instances.filter(({ engine }) => engine.includes('postgres')).length;
  return `${instances.length - postgresql} MySQL, ${postgresql} PostgreSQL`;
}

const COLUMNS: readonly (readonly [
  string,
  (instance: Omit<DemoInstance, 'instanceId' | 'clusterId' | 'engine'>) => string,
])[] = [
  ['Generated', ({ bytesGenerated }) => bytes(bytesGenerated)],
  ['Archived', ({ bytesArchived, bytesGenerated }) => judged(bytes(bytesArchived), bytesArchived === bytesGenerated)],
  ['Lost', ({ bytesLost }) => judged(formatCount(bytesLost), bytesLost === 0)],
  ['Duplicated', ({ bytesDuplicated }) => judged(formatCount(bytesDuplicated), bytesDuplicated === 0)],
  ['Files', ({ files }) => formatCount(files)],
  ['Rotations', ({ rotations }) => formatCount(rotations)],
  ['Parsed', ({ recordsParsed }) => formatCount(recordsParsed)],
  ['Raw', ({ recordsRaw }) => formatCount(recordsRaw)],
];

function renderInstances(run: DemoRun): string {
  const row = (name: string, engine: string, values: Parameters<(typeof COLUMNS)[number][1]>[0]) =>
    `<tr><th scope="row">${escapeHtml(name)}</th><td class="text">${escapeHtml(engine)}</td>${COLUMNS.map(([, cell]) => `<td>${cell(values)}</td>`).join('')}</tr>`;
  const rows = run.perInstance.map((instance) => row(instance.instanceId, instance.engine, instance));
  const files = run.perInstance.reduce((sum, instance) => sum + instance.files, 0);
  return `<div class="table"><table>
<thead><tr><th scope="col">Instance</th><th scope="col" class="text">Engine</th>${COLUMNS.map(([name]) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
<tfoot>${row('All', '', { ...run, files })}</tfoot>
</table></div>`;
}

function bytes(count: number): string {
  return `<span title="${formatCount(count)} bytes">${formatBytes(count)}</span>`;
}

function judged(html: string, good: boolean): string {
  return good ? html : `<span class="wrong">${html}</span>`;
}
