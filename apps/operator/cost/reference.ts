import { CODEC_RATIO } from './assumptions.ts';
import type { Choices, Volume } from './flows.ts';
import { line, type Section } from './line.ts';

/** A range of USD a month. */
export type Range = readonly [low: number, high: number];

/** The estimate that this system was first proposed with, for the sections that it had. */
export interface FirstEstimate {
  readonly sections: Partial<Record<Section, Range>>;
  readonly total: Range;
}

/** The proposal's figures: its parts add up to less than its total. It had no line for network, volumes or audit. */
export const FIRST_ESTIMATES: Readonly<Record<string, FirstEstimate>> = {
  poc: {
    sections: {
      'EKS control plane': [73, 73],
      Nodes: [0, 15],
      'S3 archive': [0, 0],
      DynamoDB: [0, 0],
      Cache: [0, 12],
      Databases: [40, 40],
    },
    total: [89, 150],
  },
  production: {
    sections: {
      'EKS control plane': [73, 73],
      Nodes: [1200, 1800],
      'S3 archive': [1000, 1000],
      DynamoDB: [400, 400],
      Cache: [392, 392],
    },
    total: [4500, 7000],
  },
};

/** The same bytes in CloudWatch Logs (class Standard), kept as long: ingest at list price, storage of compressed bytes. */
export function cloudWatchLogs(volume: Volume, choices: Pick<Choices, 'rawRetentionDays'>): number {
  const gb = volume.tbPerMonth * 1000;
  const held = (gb / CODEC_RATIO.gzip1) * (choices.rawRetentionDays / 30);
  const lines = [line('S3 archive', 'ingest', 'logs.ingest', gb), line('S3 archive', 'storage', 'logs.storage', held)];
  return lines.reduce((total, { onDemand }) => total + onDemand, 0);
}
