import { assume, CODEC_RATIO, type Codec } from './assumptions.ts';
import type { Estimate } from './estimate.ts';
import type { Choices, Egress } from './flows.ts';
import { line, MONTH_HOURS, sum } from './line.ts';

/** One way to decide, and what it would add to (or take from) a month at list price. */
export interface Option {
  readonly name: string;
  /** USD a month against what is chosen now. */
  readonly difference: number;
  readonly chosen: boolean;
}

export interface Comparison {
  readonly choice: string;
  readonly options: readonly Option[];
}

/** What each decision is worth, the others left as they are. */
export function comparisonsOf(estimate: Estimate): Comparison[] {
  const { choices } = estimate;
  const now = sum(estimate.withChoices({})).onDemand;
  const option = (name: string, changed: Partial<Choices>, extra = 0): Option => ({
    name,
    difference: sum(estimate.withChoices(changed)).onDemand - now + extra,
    chosen: Object.entries(changed).every(([key, value]) => choices[key as keyof Choices] === value),
  });
  const standing = egressStanding(choices.egress, choices.zones);
  const days = (key: 'rawRetentionDays' | 'searchRetentionDays', values: number[]) =>
    withCurrent(values, choices[key]).map((value) => option(`${value} days`, { [key]: value }));
  return [
    {
      choice: 'Path of the log download',
      options: (['public', 'endpoints', 'nat'] as Egress[]).map((egress) =>
        option(EGRESS_NAMES[egress], { egress }, egressStanding(egress, choices.zones) - standing),
      ),
    },
    { choice: 'Cache of API answers', options: cacheOptions(estimate) },
    {
      choice: 'Compression of the archive',
      options: (Object.keys(CODEC_RATIO) as Codec[]).map((codec) => option(codec, { codec })),
    },
    {
      choice: 'Storage class of the archive',
      options: TIERS.map(({ name, ...changed }) => option(name, changed)),
    },
    { choice: 'Raw bytes kept for', options: days('rawRetentionDays', [14, 30, 90, 180, 400]) },
    { choice: 'Records searchable for', options: days('searchRetentionDays', [7, 14, 30, 90]) },
    { choice: 'Old versions in the archive kept for', options: oldVersions(estimate, option) },
    {
      choice: 'A slot per busy file every',
      options: withCurrent([60, 120, 240, 600], choices.slotSeconds).map((slotSeconds) =>
        option(`${slotSeconds} s`, { slotSeconds }),
      ),
    },
    {
      choice: 'Bytes that come by complete download',
      options: [0, 0.5, 1].map((completeShare) => option(`${completeShare * 100} %`, { completeShare })),
    },
    { choice: 'Copy in another region', options: replicaOptions(estimate, option) },
    { choice: 'A trail that the account has already', options: trailOptions(estimate) },
    {
      choice: 'Several together',
      options: [option(LEAN.name, LEAN.changed, egressStanding('public', choices.zones) - standing)],
    },
  ];
}

/** The cheaper choices that keep every promise: freshness, retention, a copy elsewhere. */
const LEAN: { readonly name: string; readonly changed: Partial<Choices> } = {
  name: 'public subnets, a slot every 240 s, zstd6, no move of classes, old versions 7 days, a copy of 30 days',
  changed: {
    egress: 'public',
    slotSeconds: 240,
    codec: 'zstd6',
    archiveClass: 'standard',
    moveAfterDays: undefined,
    archiveOldVersionDays: 7,
    replicaRetentionDays: 30,
  },
};

const TIERS: readonly ({ name: string } & Pick<Choices, 'archiveClass' | 'moveAfterDays'>)[] = [
  { name: 'Standard', archiveClass: 'standard', moveAfterDays: undefined },
  { name: 'Standard-IA at once', archiveClass: 'standard-ia', moveAfterDays: undefined },
  { name: 'Glacier Instant Retrieval at once', archiveClass: 'glacier-instant', moveAfterDays: undefined },
  { name: 'Standard, Glacier Instant Retrieval after 14 days', archiveClass: 'standard', moveAfterDays: 14 },
];

type MakeOption = (name: string, changed: Partial<Choices>) => Option;

const EGRESS_NAMES: Record<Egress, string> = {
  public: 'public subnets, nothing comes in',
  endpoints: 'NAT for the rest, an interface endpoint for RDS',
  nat: 'NAT for all',
};

/** What gateways, addresses and endpoints cost by being there. */
function egressStanding(egress: Egress, zones: number): number {
  if (egress === 'public') return 0;
  const hours = zones * MONTH_HOURS;
  const prices = egress === 'nat' ? ['nat.hour', 'ec2.public-ipv4'] : ['nat.hour', 'ec2.public-ipv4', 'endpoint.hour'];
  return sum(prices.map((price) => line('Network', price, price, hours))).onDemand;
}

const CACHES: readonly { name: string; price?: string; nodes: number }[] = [
  { name: 'none (more calls to RDS)', nodes: 0 },
  { name: 'Valkey, 1 x cache.t4g.micro', price: 'elasticache.cache.t4g.micro', nodes: 1 },
  { name: 'Valkey, 2 x cache.t4g.small', price: 'elasticache.cache.t4g.small', nodes: 2 },
  { name: 'DAX, 1 x dax.t3.small', price: 'dax.dax.t3.small', nodes: 1 },
  { name: 'DAX, 3 x dax.t3.small', price: 'dax.dax.t3.small', nodes: 3 },
  { name: 'DAX, 3 x dax.r5.large', price: 'dax.dax.r5.large', nodes: 3 },
];

function cacheOptions({ lines }: Estimate): Option[] {
  const current = sum(lines.filter(({ section }) => section === 'Cache')).onDemand;
  return CACHES.map(({ name, price, nodes }) => {
    const usd = price ? line('Cache', name, price, nodes * MONTH_HOURS).onDemand : 0;
    const chosen = price ? lines.some((each) => each.price === price && each.quantity === nodes * MONTH_HOURS) : false;
    return { name, difference: usd - current, chosen: chosen || (nodes === 0 && current === 0) };
  });
}

function oldVersions({ choices }: Estimate, option: MakeOption): Option[] {
  return withCurrent([0, 7, 30], choices.archiveOldVersionDays).map((archiveOldVersionDays) =>
    option(`${archiveOldVersionDays} days`, { archiveOldVersionDays }),
  );
}

function replicaOptions({ choices }: Estimate, option: MakeOption): Option[] {
  const { replicaRetentionDays } = choices;
  const days = withCurrent([30, 90], replicaRetentionDays ?? 30);
  return [
    option('none', { replicaRetentionDays: undefined }),
    ...days.map((value) => option(`${value} days`, { replicaRetentionDays: value })),
  ];
}

/** The first copy of management events in an account is free; where there is a trail, that of bootstrap is the second. */
function trailOptions({ flows }: Estimate): Option[] {
  const other = assume('otherManagementEvents');
  const copy = (events: number) => line('Security and audit', 'copy', 'cloudtrail.second-copy', events).onDemand;
  return [
    { name: 'none', difference: 0, chosen: true },
    { name: 'one; that of bootstrap records writes only', difference: copy(other), chosen: false },
    { name: 'one; that of bootstrap records reads too', difference: copy(flows.rdsCalls + other), chosen: false },
  ];
}

function withCurrent(values: readonly number[], current: number): number[] {
  return [...new Set([...values, current])].sort((a, b) => a - b);
}
