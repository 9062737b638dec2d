import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PLAN_DEFAULTS } from '../../discovery/plan.ts';
import { createNdjsonFolderSink } from '../../processor/adapters/ndjson-folder-sink.ts';
import { createRecordParser } from '../../processor/parsers/create-record-parser.ts';
import { SHIP_DEFAULTS } from '../../processor/ship-deps.ts';
import { openArchive } from '../../shared/archive/open-archive.ts';
import { createInProcessHints } from '../../shared/hints/in-process-hints.ts';
import { systemClock } from '../../shared/ports/clock.ts';
import { openEmbeddedPositions } from '../../shared/positions/embedded-positions.ts';
import { VERSION, WRITER } from '../../shared/version.ts';
import type { LedgerContent } from '../../simulator/ledger.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { connectRds } from '../rds-connection.ts';
import { runFollowing, runOnce, type StandaloneDeps, type StandaloneSettings } from '../standalone/run-standalone.ts';
import { listRecordFiles } from '../verify/check-records.ts';
import type { FileReport, VerifySummary } from '../verify/findings.ts';
import { verifyArchive } from '../verify/verify-archive.ts';
import { compareWithLedger } from './compare-with-ledger.ts';
import { makeDemoFleet } from './demo-fleet.ts';
import type { DemoInstance, DemoRotation, DemoRun, DemoSample } from './demo-run.ts';
import { createDemoSampler } from './demo-sampler.ts';

export interface DemoOptions {
  /** How long the fleet writes. */
  readonly seconds: number;
  readonly instances: number;
  /** A folder as the simulator takes it; its instances are used again until there are enough. */
  readonly root: string;
  /** Empty folder for archive, records and state. */
  readonly output: string;
  readonly seed: number;
}

export interface DemoObserver {
  phase(text: string): void;
  sample(sample: DemoSample, instances: number, totals: LedgerContent['totals']): void;
}

const MB = 1_000_000;
const RATE = 4 * MB;
/** Below what the look-ups and portions of the fleet ask for at first, so that throttling is part of the show. */
const CALLS_PER_SECOND = 40;
/** Each active file is rotated about three times. */
const ROTATIONS = 3;
const LOOK_MS = 1000;

/** Simulator and standalone pipeline together, then an audit by us and a comparison by a program that is not ours. */
export async function runDemo(options: DemoOptions, observer: DemoObserver, signal: AbortSignal): Promise<DemoRun> {
  const startedAt = systemClock.now();
  const fleet = await makeDemoFleet(options.root, options.instances);
  const simulator = await startSimulator({
    root: fleet,
    seed: options.seed,
    live: { seconds: options.seconds, bytesPerSecond: RATE, rotateEverySeconds: options.seconds / ROTATIONS },
    faults: {
      callsPerSecond: CALLS_PER_SECOND,
      lyingPending: 0.05,
      repeatBytes: 0.01,
      truncate: 0.01,
      errorRate: 0.005,
    },
  });
  try {
    const sampler = createDemoSampler(startedAt, systemClock.now);
    const paths = pathsOf(options.output);
    await follow(options, { simulator, sampler, paths }, observer, signal);
    observer.phase('Auditing the archive …');
    const audit = await auditArchive(paths, signal);
    const ledger = await simulator.ledger();
    observer.phase(`Restoring ${ledger.generations.length} files and comparing them with what the API offered …`);
    const compared = await compareWithLedger(paths.archive, simulator.url);
    return {
      startedAt,
      version: VERSION,
      samples: sampler.samples,
      ...resultOf(audit, ledger, startedAt),
      ...compared,
    };
  } finally {
    await simulator.close();
    await rm(fleet, { recursive: true });
  }
}

function pathsOf(output: string) {
  return { archive: join(output, 'archive'), records: join(output, 'records'), state: join(output, 'state') };
}

interface Stage {
  readonly simulator: Simulator;
  readonly sampler: ReturnType<typeof createDemoSampler>;
  readonly paths: ReturnType<typeof pathsOf>;
}

/** Follows the fleet while it writes, and goes on until all of it is archived and parsed. */
async function follow(options: DemoOptions, stage: Stage, observer: DemoObserver, signal: AbortSignal): Promise<void> {
  const { simulator, sampler, paths } = stage;
  const positions = await openEmbeddedPositions(paths.state);
  const source = connectRds({ endpoint: simulator.url, region: undefined, onCall: sampler.onCall });
  try {
    const deps: StandaloneDeps = {
      source,
      positions,
      archive: await openArchive(paths.archive, { mode: 'write' }),
      sink: sampler.count(await createNdjsonFolderSink(paths.records)),
      hints: createInProcessHints({ capacity: 10_000 }),
      createParser: createRecordParser,
      clock: systemClock,
      random: Math.random,
      writer: WRITER,
    };
    const written = new AbortController();
    const stop = AbortSignal.any([signal, written.signal]);
    const following = runFollowing(deps, settingsOf(false), sampler.observer, stop);
    observer.phase(`${options.instances} instances write for ${options.seconds} s; the pipeline follows them.`);
    for (;;) {
      await systemClock.sleep(LOOK_MS, signal);
      const { totals } = await simulator.ledger();
      observer.sample(sampler.sample(systemClock.now(), totals), options.instances, totals);
      if (!totals.growing || signal.aborted) break;
    }
    written.abort();
    await following;
    observer.phase('The fleet has stopped writing; what is left is fetched.');
    await runOnce(
      { ...deps, hints: createInProcessHints({ capacity: 10_000 }) },
      settingsOf(true),
      sampler.observer,
      signal,
    );
    const { totals } = await simulator.ledger();
    observer.sample(sampler.sample(systemClock.now(), totals), options.instances, totals);
  } finally {
    source.close();
    await positions.close();
  }
}

function settingsOf(untilDone: boolean): StandaloneSettings {
  const closeAfterMs = 5_000;
  return {
    ship: { ...SHIP_DEFAULTS, closeAfterMs, sampleRate: 0.1, untilDone },
    plan: { ...PLAN_DEFAULTS, closeAfterMs, dueAfterMs: untilDone ? 0 : LOOK_MS, flushAfterMs: untilDone ? 0 : 10_000 },
    wanted: () => true,
    intervalMs: LOOK_MS,
    concurrency: 8,
    inFlightBytes: 64 * MB,
  };
}

interface Audit {
  readonly summary: VerifySummary;
  readonly files: readonly FileReport[];
}

async function auditArchive(paths: ReturnType<typeof pathsOf>, signal: AbortSignal): Promise<Audit> {
  const files: FileReport[] = [];
  const positions = await openEmbeddedPositions(paths.state);
  try {
    const archive = await openArchive(paths.archive, { mode: 'read' });
    const records = await listRecordFiles(paths.records);
    const observer = { file: (report: FileReport) => void files.push(report), bytes: () => {} };
    return { files, summary: await verifyArchive({ archive, positions, records, signal }, observer) };
  } finally {
    await positions.close();
  }
}

function resultOf({ summary, files }: Audit, { generations, totals }: LedgerContent, startedAt: number) {
  const { bytesArchived, bytesDuplicated, recordsParsed, recordsRaw, problems } = summary;
  const rotationMarks = rotationsOf({ generations, totals }, startedAt);
  return {
    bytesGenerated: totals.bytes,
    bytesArchived,
    // What no chain holds is lost, whether a chain says so or not.
    bytesLost: Math.max(summary.bytesLost, totals.bytes - bytesArchived),
    bytesDuplicated,
    recordsParsed,
    recordsRaw,
    problems,
    apiCalls: Object.values(totals.apiCalls).reduce((sum, count) => sum + count, 0),
    throttled: totals.throttled,
    rotations: totals.rotations,
    rotationMarks,
    perInstance: instancesOf(files, generations, rotationMarks),
    seconds: (systemClock.now() - startedAt) / 1000,
  };
}

/** A rotation is where a file of a series follows another one. */
function rotationsOf({ generations }: LedgerContent, startedAt: number): DemoRotation[] {
  const successors = generations.filter(({ createdAt }) => createdAt > startedAt + LOOK_MS);
  return successors.map(({ instanceId, createdAt }) => ({ instanceId, t: (createdAt - startedAt) / 1000 }));
}

function instancesOf(
  files: readonly FileReport[],
  generations: LedgerContent['generations'],
  rotations: readonly DemoRotation[],
): DemoInstance[] {
  const byId = new Map<string, { -readonly [Field in keyof DemoInstance]: DemoInstance[Field] }>();
  for (const { instanceId, clusterId, engine, size } of generations) {
    const counts = { files: 0, rotations: 0, bytesGenerated: 0, bytesArchived: 0, bytesLost: 0, bytesDuplicated: 0 };
    const one = byId.get(instanceId) ?? { instanceId, clusterId, engine, ...counts, recordsParsed: 0, recordsRaw: 0 };
    byId.set(instanceId, one);
    one.files += 1;
    one.bytesGenerated += size;
  }
  for (const { instanceId } of rotations) (byId.get(instanceId) as DemoInstance & { rotations: number }).rotations += 1;
  for (const file of files) {
    const one = byId.get(file.instanceId);
    if (!one) continue;
    one.bytesArchived += file.bytesArchived;
    one.bytesLost += file.bytesLost;
    one.bytesDuplicated += file.bytesDuplicated;
    one.recordsParsed += file.recordsParsed;
    one.recordsRaw += file.recordsRaw;
  }
  return [...byId.values()].sort((a, b) => a.instanceId.localeCompare(b.instanceId));
}
