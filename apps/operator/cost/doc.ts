import { markdownTable } from '../markdown-table.ts';
import { ASSUMPTIONS, CODEC_RATIO, CODEC_SPEED } from './assumptions.ts';
import { PRICES } from './price-book.ts';
import type { Range } from './reference.ts';
import { quantity, usd } from './render.ts';
import type { Summary } from './summary.ts';

/** Replaces what stands between `<!-- generated: name -->` and `<!-- end -->`; throws for a name that is not in the text. */
export function fillGenerated(markdown: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [name, content]) => {
    const start = `<!-- generated: ${name} -->\n`;
    const from = text.indexOf(start);
    const to = text.indexOf('<!-- end -->', from);
    if (from < 0 || to < 0) throw new Error(`docs/cost.md has no part "${name}"`);
    return `${text.slice(0, from)}${start}\n${content}\n\n${text.slice(to)}`;
  }, markdown);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(head, rows, 'right');
}

function range(value: Range | undefined): string {
  if (!value) return '';
  const [low, high] = value.map((amount) => amount.toLocaleString('en-US'));
  return low === high ? `${low}` : `${low} to ${high}`;
}

/** Sections and totals of an estimate. */
export function overviewTable(summary: Summary): string {
  const { total, accountWide } = summary;
  return table(
    ['USD a month', 'on demand', 'with spot', 'with commitments', 'first estimate'],
    [
      ...summary.sections.map((row) => [
        row.section,
        usd(row.onDemand),
        usd(row.spot),
        usd(row.committed),
        range(row.firstEstimate),
      ]),
      [
        '**total**',
        ...[total.onDemand, total.spot, total.committed].map((amount) => `**${usd(amount)}**`),
        range(summary.firstEstimateTotal),
      ],
      [
        'account-wide services, apart',
        usd(accountWide.onDemand),
        usd(accountWide.spot),
        usd(accountWide.committed),
        '',
      ],
    ],
  );
}

/** The lines above a dollar, the dearest first. */
export function linesTable(summary: Summary): string {
  const apart = summary.accountWideLines.map((each) => ({ ...each, section: 'account-wide' }));
  const lines = [...summary.lines, ...apart].filter(({ onDemand }) => onDemand >= 1);
  const sorted = lines.sort((a, b) => b.onDemand - a.onDemand);
  return table(
    ['What', 'quantity', 'USD'],
    sorted.map(({ section, item, quantity: amount, unit, onDemand }) => [
      `${section}: ${item}`,
      `${quantity(amount)} ${unit}`,
      usd(onDemand),
    ]),
  );
}

/** What other choices would add to a month. */
export function choicesTable(summary: Summary): string {
  return table(
    ['Choice', 'option', 'USD a month'],
    summary.comparisons.flatMap(({ choice, options }) =>
      options.map(({ name, difference, chosen }, index) => [
        index === 0 ? choice : '',
        chosen ? `**${name}**` : name,
        Math.abs(difference) < 0.005 ? '0' : `${difference > 0 ? '+' : '-'}${usd(Math.abs(difference))}`,
      ]),
    ),
  );
}

/** Every assumption with its reason. */
export function assumptionsTable(): string {
  const codecs = (table: Readonly<Record<string, number>>) =>
    Object.entries(table)
      .map(([codec, value]) => `${codec} ${value}`)
      .join(', ');
  return table(
    ['Assumption', 'value', 'why'],
    [
      [
        'codecRatio',
        `${codecs(CODEC_RATIO)} raw bytes per stored byte`,
        'measured on 600 MB of slow and PostgreSQL logs',
      ],
      ['codecSpeed', `${codecs(CODEC_SPEED)} raw MB/s per core`, 'half of what one core did in the measurement'],
      ...Object.entries(ASSUMPTIONS).map(([name, { value, unit, why }]) => [name, `${quantity(value)} ${unit}`, why]),
    ],
  );
}

/** Where the prices come from, and how many of each confidence there are. */
export function sourcesTable(): string {
  const entries = [...Object.values(PRICES.prices), ...Object.values(PRICES.instances)];
  return table(
    ['Source', 'date of its data', 'prices'],
    Object.entries(PRICES.sources).map(([key, { what, date }]) => [
      `${key}: ${what}`,
      date,
      String(entries.filter(({ source }) => source === key).length),
    ]),
  );
}
