import type { Money } from './line.ts';
import { usd } from './render.ts';
import type { SectionRow, Summary } from './summary.ts';
import { type Box, bar, segment, text } from './svg.ts';

const COLOURS = ['#0b6bcb', '#e07b00', '#1a7f37', '#8250df', '#bf3989', '#0a7ea4', '#9a6700'];
const REST_COLOUR = '#8c959f';
const LABEL_WIDTH = 140;
const TOTAL_WIDTH = 130;
const BAR_HEIGHT = 30;
const BAR_STEP = 42;
const LEGEND_COLUMNS = 4;

const COLUMNS: readonly [keyof Money, string][] = [
  ['onDemand', 'on demand'],
  ['spot', 'with spot'],
  ['committed', 'with commitments'],
];

interface Part extends Money {
  readonly name: string;
  readonly colour: string;
}

/** One stacked bar per column, the first estimate as a range, the budget as a line, the legend below. */
export function renderBars(summary: Summary, box: Box): string {
  const parts = partsOf(summary.sections);
  const first = summary.firstEstimateTotal;
  const most = Math.max(summary.total.onDemand + summary.accountWide.onDemand, summary.budgetUsd, first?.[1] ?? 0);
  const left = box.x + LABEL_WIDTH;
  const scale = (amount: number) => (amount / most) * (box.width - LABEL_WIDTH - TOTAL_WIDTH);
  const bars = COLUMNS.map(([column, name], index) => {
    const y = box.y + index * BAR_STEP;
    return stack(summary, parts, column, name, { left, y, scale });
  });
  const rangeY = box.y + COLUMNS.length * BAR_STEP;
  const budgetX = left + scale(summary.budgetUsd);
  const bottom = rangeY + BAR_STEP;
  return [
    segment(budgetX, box.y - 8, budgetX, bottom, 'budget'),
    ...bars,
    ...(first
      ? [
          text(box.x, rangeY + 20, 'first estimate'),
          segment(left + scale(first[0]), rangeY + 15, left + scale(first[1]), rangeY + 15, 'range'),
          text(left + scale(first[0]) - 6, rangeY + 20, usd(first[0]), 'quiet', 'end'),
          text(left + scale(first[1]) + 6, rangeY + 20, usd(first[1]), 'quiet'),
        ]
      : []),
    text(budgetX, bottom + 14, `budget ${usd(summary.budgetUsd)}`, 'budget-label', 'end'),
    legend(parts, box, bottom + 34),
  ].join('\n');
}

/** The seven largest sections by name, the others together. */
function partsOf(sections: readonly SectionRow[]): Part[] {
  const sorted = [...sections].sort((a, b) => b.onDemand - a.onDemand);
  const named = sorted.slice(0, COLOURS.length).map((each, index) => ({
    name: each.section,
    colour: COLOURS[index] ?? REST_COLOUR,
    onDemand: each.onDemand,
    spot: each.spot,
    committed: each.committed,
  }));
  const rest = sorted.slice(COLOURS.length);
  const sumOf = (column: keyof Money) => rest.reduce((total, each) => total + each[column], 0);
  return [
    ...named,
    {
      name: 'all others',
      colour: REST_COLOUR,
      onDemand: sumOf('onDemand'),
      spot: sumOf('spot'),
      committed: sumOf('committed'),
    },
  ];
}

interface Place {
  readonly left: number;
  readonly y: number;
  readonly scale: (amount: number) => number;
}

function stack(summary: Summary, parts: readonly Part[], column: keyof Money, name: string, place: Place): string {
  const { left, y, scale } = place;
  let x = left;
  const pieces = parts.map((part) => {
    const width = scale(part[column]);
    const piece = bar(x, y, width, BAR_HEIGHT, part.colour, `${part.name}: ${usd(part[column])}`);
    x += width;
    return piece;
  });
  const account = scale(summary.accountWide[column]);
  const outline = `<rect x="${x.toFixed(1)}" y="${y}" width="${account.toFixed(1)}" height="${BAR_HEIGHT}" fill="#fff" stroke="#57606a" stroke-dasharray="3 3"><title>account-wide services: ${usd(summary.accountWide[column])}</title></rect>`;
  return [
    text(left - LABEL_WIDTH, y + 20, name),
    ...pieces,
    outline,
    text(x + account + 6, y + 20, `${usd(summary.total[column])} + ${usd(summary.accountWide[column])}`, 'head'),
  ].join('\n');
}

function legend(parts: readonly Part[], box: Box, top: number): string {
  const width = box.width / LEGEND_COLUMNS;
  const entries = [
    ...parts.map(({ name, colour }) => ({ name, colour })),
    { name: 'account-wide (apart)', colour: '#fff' },
  ];
  return entries
    .map(({ name, colour }, index) => {
      const x = box.x + (index % LEGEND_COLUMNS) * width;
      const y = top + Math.floor(index / LEGEND_COLUMNS) * 22;
      const edge = colour === '#fff' ? ' stroke="#57606a" stroke-dasharray="3 3"' : '';
      return `<rect x="${x}" y="${y}" width="13" height="13" fill="${colour}"${edge}/>${text(x + 20, y + 11, name)}`;
    })
    .join('\n');
}
