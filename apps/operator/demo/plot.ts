import { escapeHtml } from './html.ts';
import { formatSeconds, formatTick, niceScale, timeTicks } from './plot-scale.ts';

/** One line, area or part of stacked columns. `values` stand beside the plot's `times`. */
export interface Series {
  readonly label: string;
  /** Name of a colour of the page's style. */
  readonly colour: string;
  readonly values: readonly number[];
  /** `column`: stacked on the columns before it. `front`: stands before those, for a part of them. */
  readonly style: 'area' | 'line' | 'column' | 'front';
}

export interface Plot {
  readonly title: string;
  /** What the vertical axis counts, as a unit: `MB`, `records/s`. */
  readonly unit: string;
  /** One sentence on what can be seen. */
  readonly caption: string;
  /** Seconds, ascending. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** Moments to mark, with what the tip says of each. */
  readonly marks?: readonly { readonly t: number; readonly label: string }[];
  /** Values as text, for tips. */
  format(value: number): string;
}

const WIDTH = 1000;
const HEIGHT = 240;
const VERTICAL_STEPS = 5;
const TIME_STEPS = 6;
/** The rest of a column's place is the gap to the next. */
const COLUMN_SHARE = 0.78;

/**
 * A plot as HTML: shapes in an SVG that stretches with the page, words in HTML so that they keep their size. Works
 * without script; tips come by `<title>`.
 */
export function renderPlot(plot: Plot): string {
  const last = Math.max(plot.times.at(-1) ?? 0, 1);
  const scale = niceScale(highest(plot), VERTICAL_STEPS);
  const x = (t: number) => round((t / last) * WIDTH);
  const y = (value: number) => round(HEIGHT - (value / scale.max) * HEIGHT);
  const grid = scale.ticks.map((tick) => `<line class="grid" x1="0" x2="${WIDTH}" y1="${y(tick)}" y2="${y(tick)}"/>`);
  const lines = plot.series.filter(isLine).map((series) => renderLine(series, plot.times, x, y));
  const marks = (plot.marks ?? []).map(
    ({ t, label }) =>
      `<line class="mark" x1="${x(t)}" x2="${x(t)}" y1="0" y2="${HEIGHT}"><title>${escapeHtml(label)}</title></line>`,
  );
  return `<figure class="plot">
<figcaption><h3>${escapeHtml(plot.title)} <span class="unit">${escapeHtml(plot.unit)}</span></h3>${renderLegend(plot)}</figcaption>
<div class="frame">
<div class="y-axis" aria-hidden="true">${scale.ticks.map((tick) => `<span style="bottom:${round((tick / scale.max) * 100)}%">${formatTick(tick)}</span>`).join('')}</div>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(`${plot.title}: ${plot.caption}`)}">
${[...grid, ...marks, ...renderColumns(plot, x, y), ...renderFront(plot, x, y), ...lines, ...renderTips(plot, x)].join('\n')}
</svg>
<div class="x-axis" aria-hidden="true">${timeTicks(last, TIME_STEPS)
    .map((t) => `<span style="left:${round((t / last) * 100)}%">${formatSeconds(t)}</span>`)
    .join('')}</div>
</div>
<p class="caption">${escapeHtml(plot.caption)}</p>
</figure>`;
}

function isLine({ style }: Series): boolean {
  return style === 'line' || style === 'area';
}

function highest({ series, times }: Plot): number {
  const columns = series.filter(({ style }) => style === 'column');
  const stacks = times.map((_, index) => columns.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  return Math.max(0, ...stacks, ...series.flatMap((one) => (one.style === 'column' ? [] : one.values)));
}

type Place = (value: number) => number;

function renderLine({ values, style, colour }: Series, times: readonly number[], x: Place, y: Place): string {
  const points = times.map((t, index) => `${x(t)},${y(values[index] ?? 0)}`);
  if (points.length === 0) return '';
  const line = `<polyline class="line ${style}" style="stroke:var(--${colour})" points="${points.join(' ')}"/>`;
  if (style !== 'area') return line;
  const corners = [`${x(times[0] ?? 0)},${HEIGHT}`, ...points, `${x(times.at(-1) ?? 0)},${HEIGHT}`];
  return `<polygon class="area" style="fill:var(--${colour})" points="${corners.join(' ')}"/>\n${line}`;
}

/** Stacked columns: each stands for the time since the moment before. */
function renderColumns({ series, times }: Plot, x: Place, y: Place): string[] {
  const columns = series.filter(({ style }) => style === 'column');
  return times.flatMap((t, index) => {
    const from = x(times[index - 1] ?? 0);
    const width = round((x(t) - from) * COLUMN_SHARE);
    let below = 0;
    return columns.flatMap(({ values, colour }) => {
      const value = values[index] ?? 0;
      if (value <= 0 || width <= 0) return [];
      const top = y(below + value);
      const height = round(y(below) - top);
      below += value;
      return [`<rect style="fill:var(--${colour})" x="${from}" y="${top}" width="${width}" height="${height}"/>`];
    });
  });
}

/** Columns that stand before the stacked ones. */
function renderFront({ series, times }: Plot, x: Place, y: Place): string[] {
  const fronts = series.filter(({ style }) => style === 'front');
  return fronts.flatMap(({ values, colour }) =>
    times.flatMap((t, index) => {
      const from = x(times[index - 1] ?? 0);
      const [width, top] = [x(t) - from, y(values[index] ?? 0)];
      if (top >= HEIGHT || width <= 0) return [];
      const place = `x="${from}" y="${top}" width="${round(width * COLUMN_SHARE)}" height="${round(HEIGHT - top)}"`;
      return [`<rect style="fill:var(--${colour})" ${place}/>`];
    }),
  );
}

/** Unseen columns over the plot, one per moment, that tell its values. */
function renderTips({ series, times, format }: Plot, x: Place): string[] {
  return times.map((t, index) => {
    const from = x(times[index - 1] ?? 0);
    const lines = series.map(({ label, values }) => `${label}: ${format(values[index] ?? 0)}`);
    const title = escapeHtml([`At ${formatSeconds(t)}`, ...lines].join('\n'));
    return `<rect class="tip" x="${from}" y="0" width="${round(Math.max(1, x(t) - from))}" height="${HEIGHT}"><title>${title}</title></rect>`;
  });
}

function renderLegend({ series, marks }: Plot): string {
  const items = series.map(
    ({ label, colour, style }) =>
      `<li><i class="swatch ${style}" style="--swatch:var(--${colour})"></i>${escapeHtml(label)}</li>`,
  );
  if (marks && marks.length > 0) items.push('<li><i class="swatch mark"></i>rotation</li>');
  return `<ul class="legend">${items.join('')}</ul>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
