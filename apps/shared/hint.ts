import { z } from 'zod';
import { LOG_KINDS, type LogSeries } from './log-file.ts';

/** The contract between discovery and processors: "file F of resource R had size S at T". Never carries data. */
export const hintSchema = z.object({
  version: z.literal(1),
  accountId: z.string().min(1),
  region: z.string().min(1),
  resourceId: z.string().min(1),
  instanceId: z.string().min(1),
  clusterId: z.string(),
  engine: z.string().min(1),
  kind: z.enum(LOG_KINDS),
  fileName: z.string().min(1).max(1024),
  /** Bytes when listed. */
  size: z.int().nonnegative(),
  /** Milliseconds since 1970, by the clock of RDS. */
  lastWritten: z.int().nonnegative(),
  listedAt: z.int().nonnegative(),
  /** When RDS may delete the file: the order of work. */
  deadline: z.int().nonnegative(),
  traceparent: z.string().optional(),
});

export type Hint = z.infer<typeof hintSchema>;

/** Kafka key: one series is always in one partition, so in one hand. */
export function hintKey(hint: LogSeries): string {
  return `${hint.resourceId}/${hint.kind}`;
}
