import { usd } from './render.ts';
import type { Summary } from './summary.ts';
import { type Box, round, segment, text } from './svg.ts';

const LEFT = 80;
const RIGHT = 150;
const BOTTOM = 40;
const TOP = 24;

/** Cost against volume on logarithmic axes: this system, with its account-wide services, beside CloudWatch Logs. */
export function renderCurve(summary: Summary, curve: readonly Summary[], box: Box): string {
  const points = curve.map((each) => ({
    tb: each.volume.tbPerMonth,
    ours: each.total.onDemand + each.accountWide.onDemand,
    theirs: each.cloudWatchLogs,
  }));
  const volumes = points.map(({ tb }) => tb);
  const amounts = points.flatMap(({ ours, theirs }) => [ours, theirs]);
  const x = logScale(volumes, box.x + LEFT, box.x + box.width - RIGHT);
  const y = logScale(amounts, box.y + box.height - BOTTOM, box.y + TOP);
  const last = points.at(-1);
  const path = (style: string, pick: (point: (typeof points)[number]) => number) =>
    `<polyline class="${style}" points="${points.map((p) => `${round(x.at(p.tb))},${round(y.at(pick(p)))}`).join(' ')}"/>`;
  return [
    text(
      box.x,
      box.y,
      'USD a month at list price, by TB of logs a month; the number of instances grows with it',
      'head',
    ),
    ...y.ticks.map((tick) => segment(box.x + LEFT, y.at(tick), box.x + box.width - RIGHT, y.at(tick), 'grid')),
    ...y.ticks.map((tick) => text(box.x + LEFT - 8, y.at(tick) + 4, tick.toLocaleString('en-US'), 'quiet', 'end')),
    ...volumes.map((tb) => text(x.at(tb), box.y + box.height - BOTTOM + 20, `${round3(tb)} TB`, 'quiet', 'middle')),
    path('ours', ({ ours }) => ours),
    path('theirs', ({ theirs }) => theirs),
    ...points.map(({ tb, ours }) => dot(x.at(tb), y.at(ours), `${round3(tb)} TB: ${usd(ours)}`, '#0b6bcb')),
    ...points.map(({ tb, theirs }) => dot(x.at(tb), y.at(theirs), `${round3(tb)} TB: ${usd(theirs)}`, '#b45309')),
    ...(last
      ? [
          text(x.at(last.tb) + 10, y.at(last.ours) + 4, `${summary.environment} ${usd(last.ours)}`, 'head'),
          text(x.at(last.tb) + 10, y.at(last.theirs) + 4, `CloudWatch ${usd(last.theirs)}`, 'head'),
        ]
      : []),
  ].join('\n');
}

function dot(x: number, y: number, title: string, colour: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="4" fill="${colour}"><title>${title}</title></circle>`;
}

function round3(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

function logScale(values: readonly number[], from: number, to: number): { at: (v: number) => number; ticks: number[] } {
  const low = Math.log10(Math.min(...values));
  const high = Math.log10(Math.max(...values));
  const at = (value: number) => from + ((Math.log10(value) - low) / (high - low || 1)) * (to - from);
  const decades = Array.from(
    { length: Math.floor(high) - Math.ceil(low) + 1 },
    (_, index) => 10 ** (Math.ceil(low) + index),
  );
  return { at, ticks: decades };
}
