import type { Line, Money } from './line.ts';
import type { Range } from './reference.ts';
import type { Summary } from './summary.ts';

const LABEL_WIDTH = 24;
const COLUMN_WIDTH = 17;
const DEAREST = 10;

/** USD for a table: cents below 10, whole dollars above. */
export function usd(amount: number): string {
  const digits = Math.abs(amount) < 10 ? 2 : 0;
  return amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A quantity for people: 36.6 M, 1,234, 0.25. */
export function quantity(amount: number): string {
  if (amount >= 1e6) return `${(amount / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} M`;
  return amount.toLocaleString('en-US', { maximumFractionDigits: amount < 10 ? 2 : 0 });
}

function range(value: Range | undefined): string {
  if (!value) return '-';
  const [low, high] = value.map((amount) => amount.toLocaleString('en-US'));
  return low === high ? `${low}` : `${low}-${high}`;
}

function row(label: string, columns: readonly string[]): string {
  return label.padEnd(LABEL_WIDTH) + columns.map((text) => text.padStart(COLUMN_WIDTH)).join('');
}

function moneyRow(label: string, { onDemand, spot, committed }: Money, first?: Range | undefined): string {
  return row(label, [usd(onDemand), usd(spot), usd(committed), range(first)]);
}

function lineRow({ section, item, quantity: amount, unit, onDemand }: Line): string {
  return `${usd(onDemand).padStart(10)}  ${section}: ${item} (${quantity(amount)} ${unit})`;
}

/** The overview for people. With `details` every line is listed, otherwise the dearest. */
export function renderText(summary: Summary, details: boolean): string[] {
  const { environment, volume, pricesOf, total, accountWide } = summary;
  return [
    `${environment}: USD a month at ${volume.tbPerMonth} TB of logs a month from ${volume.instances} instance(s)`,
    `List prices of ${pricesOf.region}, collected ${pricesOf.asOf}, without tax, support and free allowances.`,
    '',
    row('', ['on demand', 'with spot', 'with commitments', 'first estimate']),
    ...summary.sections.map((each) => moneyRow(each.section, each, each.firstEstimate)),
    moneyRow('Total', total, summary.firstEstimateTotal),
    moneyRow('Account-wide services', accountWide),
    '',
    `Budget of the environment: ${usd(summary.budgetUsd)}. Account-wide services (bootstrap) are not in the total.`,
    ...perVolume(summary),
    `${Math.round(summary.sourcedShare * 100)} % of the total rests on prices that were found in a source.`,
    '',
    ...(details
      ? ['Every line, at list price:', ...summary.lines.map(lineRow), '', 'Account-wide services:']
      : ['The dearest lines, at list price (--details lists all):', ...dearest(summary.lines)]),
    ...(details ? summary.accountWideLines.map(lineRow) : []),
    '',
    'What other choices would add to a month (* is chosen):',
    ...summary.comparisons.flatMap(({ choice, options }) => [
      `  ${choice}`,
      ...options.map(
        ({ name, difference, chosen }) => `${signed(difference).padStart(12)} ${chosen ? '*' : ' '} ${name}`,
      ),
    ]),
  ];
}

/** What a TB costs, and the comparison with CloudWatch Logs; neither means much below a TB. */
function perVolume({ volume, total, accountWide, cloudWatchLogs }: Summary): string[] {
  if (volume.tbPerMonth < 1) return [];
  const ratio = (amount: number) => (cloudWatchLogs / amount).toFixed(1);
  const withAccount = total.onDemand + accountWide.onDemand;
  return [
    `Per TB of logs: ${usd(total.onDemand / volume.tbPerMonth)}, ${usd(withAccount / volume.tbPerMonth)} with account-wide services.`,
    `CloudWatch Logs for the same volume: ${usd(cloudWatchLogs)}, ${ratio(total.onDemand)} times the total, ` +
      `${ratio(withAccount)} times with account-wide services.`,
  ];
}

function dearest(lines: readonly Line[]): string[] {
  return [...lines]
    .sort((a, b) => b.onDemand - a.onDemand)
    .slice(0, DEAREST)
    .map(lineRow);
}

function signed(amount: number): string {
  if (Math.abs(amount) < 0.005) return '0';
  return `${amount > 0 ? '+' : '-'}${usd(Math.abs(amount))}`;
}
