import type { Hint } from '../../shared/hint.ts';

/** How old the oldest listed byte is that is not archived, by instance. */
export interface LagMeter {
  /** A file was listed with this size. */
  listed(file: Pick<Hint, 'instanceId' | 'fileName' | 'size'>, at: number): void;
  /** A file is archived up to here. */
  archived(file: Pick<Hint, 'instanceId' | 'fileName'>, to: number): void;
  /** Seconds, over the instances that were listed: the median and the worst. */
  lag(now: number): { readonly p50: number; readonly max: number };
}

interface Waiting {
  readonly size: number;
  readonly at: number;
}

export function createLagMeter(): LagMeter {
  const instances = new Map<string, Map<string, Waiting[]>>();

  function waitingOf(file: Pick<Hint, 'instanceId' | 'fileName'>): Waiting[] {
    const files = instances.get(file.instanceId) ?? new Map<string, Waiting[]>();
    instances.set(file.instanceId, files);
    const waiting = files.get(file.fileName) ?? [];
    files.set(file.fileName, waiting);
    return waiting;
  }

  return {
    listed: (file, at) => {
      const waiting = waitingOf(file);
      // A smaller file has the name now; what waited goes on under another name.
      if (file.size < (waiting.at(-1)?.size ?? 0)) waiting.length = 0;
      if (file.size > (waiting.at(-1)?.size ?? 0)) waiting.push({ size: file.size, at });
    },
    archived: (file, to) => {
      const waiting = waitingOf(file);
      const done = waiting.findIndex((one) => one.size > to);
      waiting.splice(0, done < 0 ? waiting.length : done);
    },
    lag: (now) => {
      const ages = [...instances.values()]
        .map((files) => [...files.values()].reduce((oldest, [first]) => Math.min(oldest, first?.at ?? now), now))
        .map((oldest) => (now - oldest) / 1000)
        .sort((a, b) => a - b);
      return { p50: ages[ages.length >> 1] ?? 0, max: ages.at(-1) ?? 0 };
    },
  };
}
