import { median, type Usage } from './measure.ts';

/** What was measured of one row on one corpus. */
export interface Result {
  readonly corpus: string;
  readonly row: string;
  readonly type: 'stage' | 'peer';
  readonly bytes: number;
  readonly goals: Readonly<Record<string, number>>;
  readonly runs: readonly Usage[];
}

/** A result as people compare it. Megabytes are 1,000,000 bytes of raw log. */
export interface Figure {
  readonly corpus: string;
  readonly row: string;
  readonly type: 'stage' | 'peer';
  readonly megabytes: number;
  /** Median of the runs, megabytes per second of CPU time (user and system). */
  readonly mbPerCpuSecond: number;
  readonly runs: readonly number[];
  readonly peakRssMb: number;
  /** To each peer on the same corpus, by name. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Least ratios wanted, by peer. */
  readonly goals: Readonly<Record<string, number>>;
  /** Whether all goals are reached; absent where there are none. */
  readonly reached?: boolean;
}

export interface Report {
  readonly version: 1;
  readonly node: string;
  readonly cpu: string;
  readonly measuredAt: string;
  readonly rounds: number;
  /** Rows that could not be measured, and why. */
  readonly left: readonly { readonly row: string; readonly reason: string }[];
  readonly figures: readonly Figure[];
}

/** Works out rates and ratios. Pure. */
export function figures(results: readonly Result[]): Figure[] {
  const rates = results.map((result) => result.runs.map(({ cpuSeconds }) => rate(result.bytes, cpuSeconds)));
  return results.map((result, index) => {
    const runs = rates[index] ?? [];
    const mbPerCpuSecond = median(runs);
    const ratios: Record<string, number> = {};
    for (const [other, peer] of results.entries()) {
      if (peer.type === 'peer' && peer.corpus === result.corpus && peer.row !== result.row) {
        ratios[peer.row] = round(mbPerCpuSecond / median(rates[other] ?? []), 3);
      }
    }
    const goals = Object.entries(result.goals).filter(([peer]) => ratios[peer] !== undefined);
    return {
      corpus: result.corpus,
      row: result.row,
      type: result.type,
      megabytes: round(result.bytes / 1e6, 1),
      mbPerCpuSecond: round(mbPerCpuSecond, 1),
      runs: runs.map((value) => round(value, 1)),
      peakRssMb: Math.round(Math.max(...result.runs.map(({ peakRssBytes }) => peakRssBytes)) / 1e6),
      ratios,
      goals: result.goals,
      ...(goals.length > 0 && { reached: goals.every(([peer, least]) => (ratios[peer] ?? 0) >= least) }),
    };
  });
}

/** The table of one run, in Markdown: readable as text too. */
export function markdown(report: Report): string {
  const peers = [...new Set(report.figures.filter(({ type }) => type === 'peer').map(({ row }) => row))];
  const parts = [...new Set(report.figures.map(({ corpus }) => corpus))].map((corpus) => {
    const mine = report.figures.filter((figure) => figure.corpus === corpus);
    const used = peers.filter((peer) => mine.some(({ ratios }) => ratios[peer] !== undefined));
    const header = ['', 'MB/s per core', 'runs', 'peak MB', ...used.map((peer) => `x ${peer}`), 'goal'];
    return [
      `**${corpus}**, ${mine[0]?.megabytes ?? 0} MB`,
      '',
      table([header, ...mine.map((figure) => cells(figure, used))]),
    ];
  });
  const left = report.left.map(({ row, reason }) => `Not measured: ${row} (${reason}).`);
  const made = `${report.measuredAt.slice(0, 10)}, Node.js ${report.node}, ${report.cpu}, median of ${report.rounds}.`;
  return `${[...parts.map((part) => part.join('\n')), ...left, made].join('\n\n')}\n`;
}

function cells(figure: Figure, peers: readonly string[]): string[] {
  const goals = Object.entries(figure.goals).map(([peer, least]) => `>= ${least} x ${peer}`);
  const verdict = figure.reached === undefined ? '' : figure.reached ? ': reached' : ': missed';
  return [
    figure.row,
    String(figure.mbPerCpuSecond),
    figure.runs.join(', '),
    String(figure.peakRssMb),
    ...peers.map((peer) => (figure.ratios[peer] === undefined ? '' : String(figure.ratios[peer]))),
    goals.length > 0 ? `${goals.join(', ')}${verdict}` : '',
  ];
}

/** As `npm run format` would lay it out: columns are padded, numbers to the right. */
function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number) => column === 0 || column === widths.length - 1;
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = line(widths.map((width, column) => (isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)));
  const [header = [], ...body] = rows;
  return [line(header), rule, ...body.map(line)].join('\n');
}

/** What took no measurable time counts as a millisecond, the finest that is measured. */
function rate(bytes: number, cpuSeconds: number): number {
  return bytes / 1e6 / Math.max(cpuSeconds, 0.001);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
