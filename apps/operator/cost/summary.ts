import { comparisonsOf } from './compare.ts';
import type { Estimate } from './estimate.ts';
import { type Line, type Money, SECTIONS, type Section, sum } from './line.ts';
import { type Confidence, PRICES } from './price-book.ts';
import { cloudWatchLogs, FIRST_ESTIMATES, type Range } from './reference.ts';

/** A section of the overview, with what the first estimate said of it. */
export interface SectionRow extends Money {
  readonly section: Section;
  readonly firstEstimate: Range | undefined;
}

/** All that is shown of an estimate; the JSON answer of `cost` is this object. USD a month. */
export interface Summary extends Pick<Estimate, 'environment' | 'volume' | 'choices' | 'flows' | 'fleet' | 'awake'> {
  readonly currency: string;
  readonly pricesOf: { readonly region: string; readonly asOf: string };
  readonly sections: readonly SectionRow[];
  readonly total: Money;
  readonly accountWide: Money;
  readonly budgetUsd: number;
  readonly firstEstimateTotal: Range | undefined;
  readonly cloudWatchLogs: number;
  /** Share of the total (0 to 1) at prices that were found in a source; the rest is inferred, remembered or disputed. */
  readonly sourcedShare: number;
  readonly lines: readonly Line[];
  readonly accountWideLines: readonly Line[];
  readonly comparisons: ReturnType<typeof comparisonsOf>;
}

export function summarize(estimate: Estimate): Summary {
  const { environment, volume, choices, flows, fleet, awake, budgetUsd, lines, accountWide } = estimate;
  const first = FIRST_ESTIMATES[environment];
  const sections = SECTIONS.map((section) => ({
    section,
    ...sum(lines.filter((each) => each.section === section)),
    firstEstimate: first?.sections[section],
  }));
  const found = lines.filter(({ price }) => confidenceOf(price) === 'found');
  const total = sum(lines);
  return {
    environment,
    volume,
    choices,
    flows,
    fleet,
    awake,
    currency: PRICES.currency,
    pricesOf: { region: PRICES.region, asOf: PRICES.asOf },
    sections: sections.filter(({ onDemand, firstEstimate }) => onDemand > 0 || firstEstimate),
    total,
    accountWide: sum(accountWide),
    budgetUsd,
    firstEstimateTotal: first?.total,
    cloudWatchLogs: cloudWatchLogs(volume, choices),
    sourcedShare: sum(found).onDemand / total.onDemand,
    lines: merged(lines),
    accountWideLines: merged(accountWide),
    comparisons: comparisonsOf(estimate),
  };
}

function confidenceOf(key: string): Confidence | undefined {
  const instance = PRICES.instances[key.replace(/^ec2\./, '')];
  return key.startsWith('ec2.') && instance ? instance.confidence : PRICES.prices[key]?.confidence;
}

/** Equal items become one line; the dearest first within its section. */
function merged(lines: readonly Line[]): Line[] {
  const byItem = Map.groupBy(lines, ({ section, item, price }) => `${section}|${item}|${price}`);
  const all = [...byItem.values()].map((same): Line => {
    const [first] = same as [Line, ...Line[]];
    const quantity = same.reduce((total, each) => total + each.quantity, 0);
    return { ...first, quantity, ...sum(same) };
  });
  const order = (each: Line) => SECTIONS.indexOf(each.section);
  return all.sort((a, b) => order(a) - order(b) || b.onDemand - a.onDemand);
}
