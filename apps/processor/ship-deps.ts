import type { Archive } from '../shared/ports/archive.ts';
import type { Clock, Random } from '../shared/ports/clock.ts';
import type { LogSource } from '../shared/ports/log-source.ts';
import type { Positions } from '../shared/ports/positions.ts';
import type { RecordSink } from '../shared/ports/record-sink.ts';
import type { CreateParser } from './parsers/record-parser.ts';
import type { RecordTails } from './record-tails.ts';
import type { SlabPool } from './slab-pool.ts';

export interface ShipSettings {
  /** Raw bytes per slot, at most. */
  readonly slotBytes: number;
  /** A live file gives way to others after this long, or after this many bytes. */
  readonly sliceMs: number;
  readonly sliceBytes: number;
  /** A rotated file is closed when its listing has not changed for this long. */
  readonly closeAfterMs: number;
  /** The last record of a file is emitted when nothing followed it for this long. */
  readonly flushAfterMs: number;
  /** A file that no listing shows any more is given up after this long. */
  readonly vanishedAfterMs: number;
  /** Share of closed files whose complete download is compared with the archive although nothing is in doubt. */
  readonly sampleRate: number;
  /**
   * Everything listed is wanted now: active files that only a complete download can read are not left for their
   * rotation, and the last record of each file is delivered as it stands.
   */
  readonly untilDone: boolean;
}

export const SHIP_DEFAULTS: ShipSettings = {
  slotBytes: 16 * 1024 * 1024,
  sliceMs: 30_000,
  sliceBytes: 64 * 1024 * 1024,
  closeAfterMs: 15 * 60_000,
  flushAfterMs: 5 * 60_000,
  vanishedAfterMs: 5 * 60_000,
  sampleRate: 0.01,
  untilDone: false,
};

/** What the processor's use cases work with; wired by hand in each main. */
export interface ShipDeps {
  readonly source: LogSource;
  readonly archive: Archive;
  readonly positions: Positions;
  readonly sink: RecordSink;
  readonly createParser: CreateParser;
  readonly clock: Clock;
  readonly random: Random;
  readonly slabs: SlabPool;
  readonly tails: RecordTails;
  readonly settings: ShipSettings;
  /** Version of this program, stored with each slot. */
  readonly writer: string;
}
