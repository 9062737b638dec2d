import type { ArchivedFile } from '../../shared/archive/catalog.ts';

/** What narrows down the generations that had a name. */
export interface Choice {
  readonly generation?: number;
  /** Milliseconds since 1970. */
  readonly at?: number;
}

/**
 * The generations that are meant by a file name. More than one answer: the caller has to be asked. A generation that
 * another one continues is part of that one, and never an answer beside it unless it is named by its number.
 */
export function choose(files: readonly ArchivedFile[], fileName: string, choice: Choice): ArchivedFile[] {
  const named = files.filter((file) => seenAs(file, fileName) !== undefined);
  if (choice.generation !== undefined) return named.filter((file) => file.generation.seq === choice.generation);
  if (choice.at !== undefined) return atTime(named, fileName, choice.at);
  return named.filter((file) => !isContinued(file, named));
}

/** When the file was first seen under the name; undefined if never. */
export function seenAs(file: ArchivedFile, fileName: string): number | undefined {
  return file.names.find((name) => name.fileName === fileName)?.seenAt;
}

function continues(later: ArchivedFile, earlier: ArchivedFile): boolean {
  return (
    later.generation.resourceId === earlier.generation.resourceId &&
    later.generation.kind === earlier.generation.kind &&
    later.registration.continues?.seq === earlier.generation.seq &&
    later.generation.seq > earlier.generation.seq
  );
}

/** Who had the name last at that time, for each instance that ever had the name of the instance. */
function atTime(files: readonly ArchivedFile[], fileName: string, at: number): ArchivedFile[] {
  const since = (file: ArchivedFile): number => {
    const seen = seenAs(file, fileName) ?? Number.POSITIVE_INFINITY;
    const earlier = files.find((other) => continues(file, other));
    return earlier === undefined ? seen : Math.min(seen, since(earlier));
  };
  const newest = new Map<string, ArchivedFile>();
  for (const file of files.filter((other) => !isContinued(other, files))) {
    const best = newest.get(file.generation.resourceId);
    if (since(file) <= at && (best === undefined || since(file) > since(best)))
      newest.set(file.generation.resourceId, file);
  }
  return [...newest.values()];
}

function isContinued(file: ArchivedFile, files: readonly ArchivedFile[]): boolean {
  return files.some((other) => continues(other, file));
}
