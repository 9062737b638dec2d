import { type DbInstance, type ListedFile, type LogKind, type LogSeries, logKind } from '../../shared/log-file.ts';
import type { LogSource } from '../../shared/ports/log-source.ts';

/** A file that RDS lists. */
export interface SourceFile {
  readonly instance: DbInstance;
  readonly kind: LogKind;
  readonly file: ListedFile;
}

/** What RDS lists now, asked instance by instance as it is needed. */
export interface SourceListing {
  /** Files of a series; undefined where RDS has no such instance (any more). */
  filesOf(series: LogSeries): Promise<readonly ListedFile[] | undefined>;
  /** Files of all series that were not asked for. To be called last. */
  others(): AsyncIterable<SourceFile>;
}

/** One instance's listing is remembered at a time: the series of an instance follow each other in the archive. */
export async function openSourceListing(
  source: LogSource,
  wanted: (instance: DbInstance) => boolean,
  signal: AbortSignal,
): Promise<SourceListing> {
  const instances = new Map<string, DbInstance>();
  for (const instance of await source.instances(signal)) {
    if (wanted(instance)) instances.set(instance.resourceId, instance);
  }
  const asked = new Map<string, Set<LogKind>>();
  let leftOver: SourceFile[] = [];
  let last: { instance: DbInstance; files: readonly ListedFile[] } | undefined;

  const isAsked = ({ instance, kind }: SourceFile) => asked.get(instance.resourceId)?.has(kind) === true;

  async function list(instance: DbInstance): Promise<readonly ListedFile[]> {
    if (last?.instance !== instance) {
      leftOver.push(...notAskedOf(last));
      last = { instance, files: await source.files(instance, {}, signal) };
    }
    return last.files;
  }

  function notAskedOf(listed: typeof last): SourceFile[] {
    if (listed === undefined) return [];
    const { instance, files } = listed;
    return files.map((file) => ({ instance, kind: logKind(file.name), file })).filter((file) => !isAsked(file));
  }

  return {
    filesOf: async ({ resourceId, kind }) => {
      const instance = instances.get(resourceId);
      if (instance === undefined) return undefined;
      asked.set(resourceId, (asked.get(resourceId) ?? new Set()).add(kind));
      return (await list(instance)).filter((file) => logKind(file.name) === kind);
    },
    others: async function* () {
      for (const instance of instances.values()) if (!asked.has(instance.resourceId)) await list(instance);
      leftOver.push(...notAskedOf(last));
      const files = leftOver.filter((file) => !isAsked(file));
      leftOver = [];
      yield* files;
    },
  };
}
