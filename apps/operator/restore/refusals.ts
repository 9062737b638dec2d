import type { ArchivedFile } from '../../shared/archive/catalog.ts';
import { Failure } from '../../shared/failure.ts';
import { logKind } from '../../shared/log-file.ts';
import { nearNames } from '../near-names.ts';
import { quote } from '../shell-quote.ts';
import { seenAs } from './choose.ts';
import type { SeenOnTheWay } from './find-files.ts';

/** Generations named in one message; the newest, because they are asked for most. */
const MOST_LISTED = 20;

export interface RestoreRequest {
  readonly archive: string;
  readonly instance: string;
  readonly fileName: string;
}

/** Nothing is what was asked for: says what there is instead. */
export function notFound(request: RestoreRequest, found: readonly ArchivedFile[], seen: SeenOnTheWay): Failure {
  const { instance, fileName } = request;
  const named = found.filter((file) => seenAs(file, fileName) !== undefined);
  if (named.length === 0) return nothingListed(request, seen);
  const what = `No generation of ${quote(fileName)} of ${quote(instance)} is that one. There are:`;
  return new Failure('NOT_FOUND', `${what}\n${commands(request, named)}`, { details: details(named, fileName) });
}

/** There is no such instance, or no such file of it: names those that may have been meant. */
export function nothingListed(
  request: Omit<RestoreRequest, 'fileName'> & { readonly fileName?: string | undefined },
  seen: SeenOnTheWay,
): Failure {
  const { archive, instance, fileName } = request;
  const list = `aurora-logs restore --list --archive ${quote(archive)}`;
  if (fileName !== undefined && seen.fileNames.size > 0) {
    const what = `The archive has no file ${quote(fileName)} of ${quote(instance)}.`;
    const meant = suggestion(nearNames(fileName, seen.fileNames));
    return new Failure('NOT_FOUND', `${what}${meant} "${list} ${quote(instance)}" shows all of this instance.`);
  }
  const what = `The archive has no ${fileName === undefined ? '' : `${logKind(fileName)} `}logs of an instance ${quote(instance)}.`;
  const meant = suggestion(nearNames(instance, seen.instances));
  return new Failure('NOT_FOUND', `${what}${meant} "${list}" shows all that it has.`);
}

/** Several were found: lists them with the command for each. */
export function ambiguous(request: RestoreRequest, found: readonly ArchivedFile[]): Failure {
  const what = `${found.length} generations of ${quote(request.instance)} had the name ${quote(request.fileName)}. Choose one:`;
  const message = `${what}\n${commands(request, found)}`;
  return new Failure('USAGE', message, { details: details(found, request.fileName) });
}

function suggestion(names: readonly string[]): string {
  return names.length === 0 ? '' : ` Did you mean ${names.map(quote).join(', ')}?`;
}

function commands(request: RestoreRequest, files: readonly ArchivedFile[]): string {
  const { archive, instance, fileName } = request;
  const severalResources = new Set(files.map((file) => file.generation.resourceId)).size > 1;
  const lines = files.slice(-MOST_LISTED).map((file) => {
    const { resourceId, seq } = file.generation;
    const source = quote(severalResources ? resourceId : instance);
    const command = `aurora-logs restore --archive ${quote(archive)} ${source} ${quote(fileName)} --generation ${seq}`;
    return `  ${command}   # first seen ${firstSeen(file, fileName)}, ${file.bytes} bytes, ${stateOf(file)}`;
  });
  const older = files.length - lines.length;
  return [...(older > 0 ? [`  (${older} older ones; --list shows them)`] : []), ...lines].join('\n');
}

function details(files: readonly ArchivedFile[], fileName: string) {
  const generations = files.map((file) => ({
    resourceId: file.generation.resourceId,
    generation: file.generation.seq,
    firstSeen: firstSeen(file, fileName),
    bytes: file.bytes,
    state: stateOf(file),
  }));
  return { generations };
}

function firstSeen(file: ArchivedFile, fileName: string): string {
  return new Date(seenAs(file, fileName) ?? file.registration.registeredAt).toISOString();
}

/** As people read it: a sealed copy makes the chain's own state unimportant. */
export function stateOf(file: ArchivedFile): 'open' | 'closed' | 'lost' | 'sealed' {
  return file.sealed ? 'sealed' : file.state;
}
