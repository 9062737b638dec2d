import { instanceType, type Plan, PRICES, priceOf, usdFor } from './price-book.ts';

/** The rows of the overview, in its order. */
export const SECTIONS = [
  'EKS control plane',
  'Nodes',
  'Volumes',
  'S3 archive',
  'S3 search',
  'S3 replica',
  'DynamoDB',
  'Cache',
  'Databases',
  'Network',
  'Security and audit',
  'Monitoring and backup',
] as const;

export type Section = (typeof SECTIONS)[number];

/** One quantity times one price: USD a month in three columns. */
export interface Line {
  readonly section: Section;
  readonly item: string;
  /** Key in the price file, or `ec2.<instance type>`. */
  readonly price: string;
  /** In the unit of the price. */
  readonly quantity: number;
  readonly unit: string;
  /** List price. */
  readonly onDemand: number;
  /** What may be interrupted at the spot price, the rest at list price. */
  readonly spot: number;
  /** As `spot`, with one-year savings plans on the rest. */
  readonly committed: number;
}

function planSaving(plan: Plan | undefined): number {
  return plan ? PRICES.plans[plan].saving : 0;
}

/** A line for a price of the file. */
export function line(section: Section, item: string, price: string, quantity: number): Line {
  const entry = priceOf(price);
  const usd = usdFor(entry, quantity);
  const committed = usd * (1 - planSaving(entry.plan));
  return { section, item, price, quantity, unit: entry.unit, onDemand: usd, spot: usd, committed };
}

/** A line for instance-hours of one EC2 type, of which `spotShare` (0 to 1) may be interrupted. */
export function instanceLine(item: string, type: string, hours: number, spotShare: number): Line {
  const { usd, spotSaving } = instanceType(type);
  const onDemand = hours * usd;
  const interruptible = onDemand * spotShare * (1 - spotSaving);
  const steady = onDemand * (1 - spotShare);
  return {
    section: 'Nodes',
    item,
    price: `ec2.${type}`,
    quantity: hours,
    unit: 'instance-hour',
    onDemand,
    spot: interruptible + steady,
    committed: interruptible + steady * (1 - planSaving('compute')),
  };
}

/** Hours of a month for something that runs all of it. */
export const MONTH_HOURS: number = PRICES.hoursPerMonth;

export interface Money {
  readonly onDemand: number;
  readonly spot: number;
  readonly committed: number;
}

/** Column by column. */
export function sum(lines: readonly Money[]): Money {
  const total = { onDemand: 0, spot: 0, committed: 0 };
  for (const { onDemand, spot, committed } of lines) {
    total.onDemand += onDemand;
    total.spot += spot;
    total.committed += committed;
  }
  return total;
}
