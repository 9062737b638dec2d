import { readGeneration } from '../shared/archive/read-chain.ts';
import { Failure } from '../shared/failure.ts';
import { type GenerationId, isNameForLife, type LogSeries, nameFamily } from '../shared/log-file.ts';
import type { Registration } from '../shared/ports/archive.ts';
import type { GenerationPosition } from '../shared/ports/positions.ts';
import { followChain } from './append-chunk.ts';
import { HEAD_BYTES, headAgrees, headProvesAll, identifies, type KnownHead, TAIL_BYTES } from './match.ts';
import type { Head } from './read-head.ts';
import type { ShipDeps } from './ship-deps.ts';

/** How many of a series' newest generations a new name is compared with; more than rotations between two looks. */
const CANDIDATES = 24;
/** Lost races for a sequence number in a row before something else must be wrong. */
const REGISTER_ATTEMPTS = 10;

type GenerationDeps = Pick<ShipDeps, 'archive' | 'positions' | 'clock'>;

/** A file at RDS that is to be found in the archive, or registered there. */
export interface FileIdentity {
  readonly series: LogSeries;
  readonly instanceId: string;
  readonly engine: string;
  readonly fileName: string;
  /** Bytes when listed. */
  readonly size: number;
  readonly head: Head;
  /** The name's generation is known to be another file. */
  readonly distrustName: boolean;
  /** A file without a record may be left until it has one. */
  readonly mayWait: boolean;
  /** Whether the file holds these bytes at this offset. */
  readonly holds: (bytes: Buffer, offset: number) => Promise<boolean>;
}

/** The generation that a name was matched to before; undefined for a name that was never seen. */
export async function generationOfName(
  deps: GenerationDeps,
  series: LogSeries,
  fileName: string,
): Promise<GenerationPosition | undefined> {
  const seq = await deps.positions.nameOf(series, fileName);
  return seq === undefined ? undefined : deps.positions.generation(series, seq);
}

/**
 * Finds the generation that a file is, by its content: the one its name stood for, else one that was renamed, else a new
 * one, which is registered before it answers. The name is remembered in the archive first, then in the positions.
 */
export async function identify(deps: GenerationDeps, file: FileIdentity): Promise<GenerationPosition | undefined> {
  const { series, fileName, head } = file;
  for (let attempt = 0; attempt < REGISTER_ATTEMPTS; attempt += 1) {
    const named = file.distrustName ? undefined : await generationOfName(deps, series, fileName);
    if (named && headAgrees(await knownHead(deps, { ...series, seq: named.seq }, named), head.bytes)) return named;
    if (file.mayWait && !identifies(head.bytes)) return undefined;
    const newest = await deps.positions.generations(series, CANDIDATES);
    const found = await findByContent(deps, file, newest);
    if (found) return adoptName(deps, file, found);
    const registered = await register(deps, file, (newest.at(-1)?.seq ?? 0) + 1);
    if (registered) return registered;
    await restoreSeries(deps, series);
  }
  throw new Failure(
    'ARCHIVE_UNAVAILABLE',
    `${fileName} of ${file.instanceId} could not be registered: others were always faster.`,
  );
}

/** A file grew after its chain was closed: what follows is a generation of its own that continues the closed one. */
export async function continueClosed(
  deps: GenerationDeps,
  file: Omit<FileIdentity, 'holds'>,
  closed: GenerationPosition,
): Promise<GenerationPosition | undefined> {
  const newest = await deps.positions.generations(file.series, 1);
  const continues = { seq: closed.seq, offset: closed.end };
  const registered = await register(deps, file, (newest.at(-1)?.seq ?? 0) + 1, continues);
  if (!registered) await restoreSeries(deps, file.series);
  return registered;
}

/** Makes the rows of a series anew from the archive: after a lost race, or when the tables were lost. */
export async function restoreSeries(deps: GenerationDeps, series: LogSeries): Promise<void> {
  for (const registration of await deps.archive.registrations(series)) {
    const generation = { ...series, seq: registration.seq };
    const position = await deps.positions.generation(series, registration.seq);
    const found = await followChain(deps, generation, position ?? newPosition(registration, deps.clock.now()));
    const names = await deps.archive.names(generation);
    for (const fileName of [registration.fileName, ...names.map((name) => name.fileName)]) {
      await deps.positions.rememberName(series, fileName, registration.seq);
    }
    const fileName = names.at(-1)?.fileName;
    if (fileName && fileName !== found.fileName) await deps.positions.save(series, { ...found, fileName });
  }
}

/** What is known of a generation's beginning: its registration, or its first bytes where the chain grew past a short head. */
export async function knownHead(
  deps: Pick<ShipDeps, 'archive'>,
  generation: GenerationId,
  position: GenerationPosition,
): Promise<KnownHead> {
  const registration = await deps.archive.registration(generation, generation.seq);
  if (!registration)
    throw new Failure(
      'ARCHIVE_CORRUPT',
      `Generation ${generation.seq} of ${generation.resourceId}/${generation.kind} has no registration.`,
    );
  if (registration.head.length >= HEAD_BYTES || position.end <= registration.head.length) {
    return { end: position.end, head: registration.head };
  }
  return { end: position.end, head: await firstBytes(deps.archive, generation) };
}

/** The first HEAD_BYTES of a chain, however short its first slots are. */
async function firstBytes(archive: ShipDeps['archive'], generation: GenerationId): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  for await (const { bytes } of readGeneration(archive, generation)) {
    head = Buffer.concat([head, bytes.subarray(0, HEAD_BYTES)]);
    if (head.length >= HEAD_BYTES) break;
  }
  return head.subarray(0, HEAD_BYTES);
}

async function findByContent(
  deps: GenerationDeps,
  file: FileIdentity,
  newest: readonly GenerationPosition[],
): Promise<GenerationPosition | undefined> {
  const family = nameFamily(file.fileName);
  for (const position of newest.toReversed()) {
    if (nameFamily(position.fileName) !== family || file.size < position.end) continue;
    // A name for life is never renamed away; the same name is a worker's that died before it remembered the name.
    if (isNameForLife(position.fileName) && position.fileName !== file.fileName) continue;
    const generation = { ...file.series, seq: position.seq };
    const known = await knownHead(deps, generation, position);
    if (!(identifies(known.head) && headAgrees(known, file.head.bytes))) continue;
    if (await tailAgrees(deps, file, generation, known)) return position;
  }
  return undefined;
}

async function tailAgrees(
  deps: GenerationDeps,
  file: FileIdentity,
  generation: GenerationId,
  known: KnownHead,
): Promise<boolean> {
  if (headProvesAll(known)) return true;
  const tail = await tailOf(deps, generation, known.end);
  return file.holds(tail, known.end - tail.length);
}

/** The last archived bytes of a chain, at most TAIL_BYTES; fewer where its last slot is shorter. */
export async function tailOf(deps: Pick<ShipDeps, 'archive'>, generation: GenerationId, end: number): Promise<Buffer> {
  const start = (await deps.archive.slotStarts(generation)).filter((at) => at < end).at(-1);
  if (start === undefined) return Buffer.alloc(0);
  const bytes = await deps.archive.slotBytes(generation, start);
  return Buffer.from(bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)));
}

async function adoptName(
  deps: GenerationDeps,
  file: FileIdentity,
  position: GenerationPosition,
): Promise<GenerationPosition> {
  const { series, fileName } = file;
  if (position.fileName !== fileName) {
    await deps.archive.addName({ ...series, seq: position.seq }, { fileName, seenAt: deps.clock.now() });
  }
  await deps.positions.rememberName(series, fileName, position.seq);
  return position.fileName === fileName ? position : deps.positions.save(series, { ...position, fileName, marker: '' });
}

async function register(
  deps: GenerationDeps,
  file: Omit<FileIdentity, 'holds'>,
  seq: number,
  continues?: Registration['continues'],
): Promise<GenerationPosition | undefined> {
  const registration: Registration = {
    seq,
    fileName: file.fileName,
    head: file.head.bytes,
    instanceId: file.instanceId,
    engine: file.engine,
    registeredAt: deps.clock.now(),
    ...(continues ? { continues } : {}),
  };
  if ((await deps.archive.register(file.series, registration)) === 'exists') return undefined;
  const position = await deps.positions.save(file.series, newPosition(registration, deps.clock.now()));
  await deps.positions.rememberName(file.series, file.fileName, seq);
  return position;
}

function newPosition(registration: Registration, now: number): GenerationPosition {
  const start = registration.continues?.offset ?? 0;
  return {
    seq: registration.seq,
    fileName: registration.fileName,
    state: 'open',
    end: start,
    chain: '',
    marker: '',
    indexed: start,
    records: 0,
    rawRecords: 0,
    listedSize: 0,
    lastWritten: 0,
    changedAt: now,
  };
}
