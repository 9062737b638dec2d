import { z } from 'zod';
import prices from './prices.json' with { type: 'json' };

const confidence = z.enum(['found', 'inferred', 'remembered', 'disputed']);
const plan = z.enum(['compute', 'database']);
const common = { source: z.string(), confidence, note: z.string().optional() };
const band = z.strictObject({ upTo: z.number().positive().optional(), usd: z.number().nonnegative() });

const priceSchema = z
  .strictObject({
    ...common,
    usd: z.number().nonnegative().optional(),
    tiers: z.array(band).min(1).optional(),
    per: z.number().positive(),
    unit: z.string(),
    plan: plan.optional(),
  })
  .refine((price) => (price.usd === undefined) !== (price.tiers === undefined), 'needs either usd or tiers');

const instanceSchema = z.strictObject({
  ...common,
  vcpu: z.number().positive(),
  gib: z.number().positive(),
  usd: z.number().positive(),
  spotSaving: z.number().min(0).max(1),
});

/** The dated price file: every price names its source and how sure it is. */
export const priceFileSchema = z
  .strictObject({
    currency: z.literal('USD'),
    region: z.string(),
    asOf: z.iso.date(),
    hoursPerMonth: z.number().positive(),
    about: z.string(),
    sources: z.record(z.string(), z.strictObject({ what: z.string(), date: z.string() })),
    plans: z.record(plan, z.strictObject({ ...common, saving: z.number().min(0).max(1) })),
    spot: z.strictObject(common),
    instances: z.record(z.string(), instanceSchema),
    prices: z.record(z.string(), priceSchema),
  })
  .refine((file) => everyEntry(file).every(({ source }) => source in file.sources), 'names an unknown source');

export type Plan = z.infer<typeof plan>;
export type Confidence = z.infer<typeof confidence>;
export type Price = z.infer<typeof priceSchema>;
export type InstanceType = z.infer<typeof instanceSchema>;
export type PriceFile = z.infer<typeof priceFileSchema>;

function everyEntry(file: { plans: object; spot: object; instances: object; prices: object }): { source: string }[] {
  return [file.plans, file.instances, file.prices].flatMap((table) => Object.values(table)).concat(file.spot);
}

/** The price file of this release. */
export const PRICES: PriceFile = priceFileSchema.parse(prices);

/** One price of the file. Asking for one that is not there is a bug, never a zero. */
export function priceOf(key: string, file: PriceFile = PRICES): Price {
  const price = file.prices[key];
  if (!price) throw new Error(`prices.json has no price "${key}"`);
  return price;
}

/** Price, size and spot saving of an EC2 type. Asking for one that is not there is a bug, never a zero. */
export function instanceType(name: string, file: PriceFile = PRICES): InstanceType {
  const instance = file.instances[name];
  if (!instance) throw new Error(`prices.json has no instance type "${name}"`);
  return instance;
}

/** USD for a quantity, in the unit of the price; bands are filled in order. */
export function usdFor(price: Price, quantity: number): number {
  if (price.usd !== undefined) return (quantity / price.per) * price.usd;
  let usd = 0;
  let filled = 0;
  for (const { upTo = Number.POSITIVE_INFINITY, usd: each } of price.tiers ?? []) {
    const inBand = Math.max(0, Math.min(quantity, upTo) - filled);
    usd += (inBand / price.per) * each;
    filled = Math.min(upTo, quantity);
  }
  return usd;
}
