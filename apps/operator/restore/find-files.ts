import { type ArchivedFile, lookUp } from '../../shared/archive/catalog.ts';
import { logKind } from '../../shared/log-file.ts';
import type { Archive, Registration } from '../../shared/ports/archive.ts';

/** What a search saw on its way, to suggest names to somebody who mistyped one. */
export interface SeenOnTheWay {
  readonly instances: Set<string>;
  readonly fileNames: Set<string>;
}

/** Names kept for suggestions; a fleet has more. */
const MAX_SEEN = 20_000;

export interface Wanted {
  /** DBInstanceIdentifier at the time of registration, or resource id; all where absent. */
  readonly instance?: string | undefined;
  /** Narrows the search to the series in which a file of this name can be. */
  readonly fileName?: string | undefined;
}

/** Every registered generation that is wanted, series by series, in order of seq. */
export async function* findFiles(archive: Archive, wanted: Wanted, seen: SeenOnTheWay): AsyncGenerator<ArchivedFile> {
  const kind = wanted.fileName === undefined ? undefined : logKind(wanted.fileName);
  for await (const series of archive.series()) {
    const isResource = series.resourceId === wanted.instance;
    if (kind !== undefined && series.kind !== kind && !isResource) continue;
    for (const registration of await archive.registrations(series)) {
      remember(seen.instances, registration.instanceId);
      if (!isResource && !isWanted(registration, wanted)) continue;
      const file = await lookUp(archive, series, registration);
      for (const { fileName } of file.names) remember(seen.fileNames, fileName);
      yield file;
    }
  }
}

function isWanted(registration: Registration, { instance }: Wanted): boolean {
  return instance === undefined || registration.instanceId === instance;
}

function remember(names: Set<string>, name: string): void {
  if (names.size < MAX_SEEN) names.add(name);
}
