import { type LogSeries, seriesKey } from '../log-file.ts';
import type { GenerationPosition, Job, Positions } from '../ports/positions.ts';
import { isNowhereBehind, mergePositions } from '../positions/merge.ts';

/** Positions in memory, by the merge rule of the tables: for tests of what uses them. */
export function createMemoryPositions(): Positions {
  const rows = new Map<string, Map<number, GenerationPosition>>();
  const known = new Map<string, LogSeries>();
  const names = new Map<string, number>();
  const jobs: Job[] = [];
  const instances = new Map<string, Awaited<ReturnType<Positions['instance']>>>();
  const rowsOf = (series: LogSeries) => rows.get(seriesKey(series)) ?? new Map<number, GenerationPosition>();

  return {
    generations: async (series, last) => {
      const all = [...rowsOf(series).values()].sort((a, b) => a.seq - b.seq);
      return last === undefined ? all : all.slice(-last);
    },
    generation: async (series, seq) => rowsOf(series).get(seq),
    async *series() {
      yield* known.values();
    },
    save: async ({ accountId, region, resourceId, kind }, position, options) => {
      const series = { accountId, region, resourceId, kind };
      const bySeq = rowsOf(series);
      rows.set(seriesKey(series), bySeq);
      known.set(seriesKey(series), series);
      const again = options?.reindexFrom !== undefined;
      const incoming = again ? { ...position, reindexed: (position.reindexed ?? 0) + 1 } : position;
      const stored = bySeq.get(position.seq);
      const saved = !stored || isNowhereBehind(incoming, stored) ? incoming : mergePositions(stored, incoming);
      bySeq.set(position.seq, saved);
      return saved;
    },
    nameOf: async (series, fileName) => names.get(`${seriesKey(series)} ${fileName}`),
    rememberName: async (series, fileName, seq) => {
      names.set(`${seriesKey(series)} ${fileName}`, seq);
    },
    recordJob: async (job) => {
      jobs.push(job);
    },
    jobs: async (limit) => jobs.slice(-limit),
    rememberInstance: async (instance, parameters) => {
      instances.set(instance.resourceId, { instance, parameters });
    },
    instance: async (resourceId) => instances.get(resourceId),
    async *instances() {
      for (const one of instances.values()) if (one) yield one;
    },
  };
}
