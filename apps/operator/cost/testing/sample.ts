import type { Line, Section } from '../line.ts';
import type { Summary } from '../summary.ts';

function sample(section: Section, item: string, onDemand: number, spot = onDemand, committed = spot): Line {
  return { section, item, price: 'ebs.gp3', quantity: 1000, unit: 'GB-month', onDemand, spot, committed };
}

const NODES = sample('Nodes', 'Karpenter', 1200, 900, 700);
const VOLUMES = sample('Volumes', 'root volumes', 80);

/** A small estimate with round figures, for what draws and prints. */
export const SUMMARY: Summary = {
  environment: 'production',
  volume: { tbPerMonth: 100, instances: 316 },
  choices: {
    egress: 'public',
    codec: 'zstd1',
    archiveClass: 'standard',
    moveAfterDays: undefined,
    rawRetentionDays: 90,
    archiveOldVersionDays: 0,
    searchRetentionDays: 30,
    searchOldVersionDays: 0,
    replicaRetentionDays: undefined,
    zones: 3,
    completeShare: 0,
    slotSeconds: 120,
  },
  flows: {} as Summary['flows'],
  fleet: { fixedNodes: 3, steadyNodes: 5, spotNodes: 2, nodes: 10, vcpus: 30, volumeGib: 1000 },
  awake: 1,
  currency: 'USD',
  pricesOf: { region: 'us-east-1', asOf: '2026-11-20' },
  sections: [
    { ...NODES, firstEstimate: [1200, 1800] },
    { ...VOLUMES, firstEstimate: undefined },
  ],
  total: { onDemand: 1280, spot: 980, committed: 780 },
  accountWide: { onDemand: 100, spot: 100, committed: 100 },
  budgetUsd: 7000,
  firstEstimateTotal: [4500, 7000],
  cloudWatchLogs: 50_000,
  sourcedShare: 0.95,
  lines: [...Array.from({ length: 10 }, () => NODES), VOLUMES],
  accountWideLines: [sample('Security and audit', 'CloudTrail', 100)],
  comparisons: [
    {
      choice: 'Path of the log download',
      options: [
        { name: 'public', difference: 0, chosen: true },
        { name: 'endpoints', difference: 1021.9, chosen: false },
        { name: 'none', difference: -5, chosen: false },
      ],
    },
  ],
};
