import type { GenerationId, LogSeries } from '../log-file.ts';

/** What is known of a generation when it is registered, before its first slot. Never changes. */
export interface Registration {
  readonly seq: number;
  /** The name at RDS by which it was first seen. */
  readonly fileName: string;
  /** The first bytes of the file, at most 1 KiB. Fewer where the file was shorter: the head then grows with the chain. */
  readonly head: Buffer;
  /** DBInstanceIdentifier at that time, to find an instance's files by the name people use. */
  readonly instanceId: string;
  readonly engine: string;
  /** Milliseconds since 1970. */
  readonly registeredAt: number;
  /** Set when a closed generation grew later: this one goes on where that one ended; its chain begins at `offset`. */
  readonly continues?: { readonly seq: number; readonly offset: number };
}

/** A name at RDS under which a generation was seen, from `seenAt` (milliseconds since 1970) on. */
export interface SeenName {
  readonly fileName: string;
  readonly seenAt: number;
}

interface SlotBase {
  readonly start: number;
  /** Offset after the last byte of the slot. */
  readonly end: number;
  /** sha-256 over the predecessor's chain hash and this slot's own digest, hex; see `chainHash`. */
  readonly chain: string;
  /** Name at RDS when the slot was read. */
  readonly fileName: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /** Version of the program that wrote it. */
  readonly writer: string;
}

/** Raw bytes [start, end) of the file. */
export interface ChunkSlot extends SlotBase {
  readonly type: 'chunk';
  /** sha-256 of the raw bytes, hex. */
  readonly sha256: string;
  /** The marker to go on reading with; '' where only a constructed one can be had. */
  readonly marker: string;
}

/** The chain is closed at `start`, and its bytes were checked against the source. start = end. */
export interface EndSlot extends SlotBase {
  readonly type: 'end';
}

/** Bytes [start, end) were gone at the source before they could be read. The chain is closed. */
export interface LostSlot extends SlotBase {
  readonly type: 'lost';
  readonly reason: string;
}

export type Slot = ChunkSlot | EndSlot | LostSlot;

/** A part of the complete file that replaces a chain which the source contradicted. */
export interface SealedPart {
  readonly start: number;
  readonly end: number;
  readonly sha256: string;
  /** True for the last part: only with it the sealed copy counts. */
  readonly last: boolean;
}

/** What putting something absent came to. `exists`: someone was first; read what is there and go on from it. */
export type PutOutcome = 'created' | 'exists';

/**
 * The commit log: chains of slots, each object written once by put-if-absent and never changed.
 * Writes are durable when they return. Bytes are checked against their digest when read; a mismatch throws
 * ARCHIVE_CORRUPT naming the object. Other failures: ARCHIVE_UNAVAILABLE (retryable), ARCHIVE_FULL, ACCESS_DENIED.
 */
export interface Archive {
  /** Every series that has a registration. */
  series(): AsyncIterable<LogSeries>;

  /** All registrations of a series in order of seq; [] where there are none. */
  registrations(series: LogSeries): Promise<readonly Registration[]>;
  registration(series: LogSeries, seq: number): Promise<Registration | undefined>;
  register(series: LogSeries, registration: Registration): Promise<PutOutcome>;

  /** Remembers that a generation was seen under one more name. Repeating it costs nothing. */
  addName(generation: GenerationId, name: SeenName): Promise<void>;
  /** Names added, in order of time; the name of the registration is not among them. */
  names(generation: GenerationId): Promise<readonly SeenName[]>;

  /** Stores a slot under its start. `bytes` are the raw bytes of a chunk, empty for the other types. */
  putSlot(generation: GenerationId, slot: Slot, bytes: Uint8Array): Promise<PutOutcome>;
  /** The slot that starts exactly at `start`, without its bytes. */
  slot(generation: GenerationId, start: number): Promise<Slot | undefined>;
  /** The raw bytes of a chunk, checked. */
  slotBytes(generation: GenerationId, start: number): Promise<Buffer>;
  /** Starts of all slots of a generation, ascending: to audit a chain for gaps and strays. */
  slotStarts(generation: GenerationId): Promise<readonly number[]>;

  putSealed(generation: GenerationId, part: SealedPart, bytes: Uint8Array): Promise<PutOutcome>;
  /** The parts of the sealed copy, ascending; [] where there is none or it is not complete. */
  sealedParts(generation: GenerationId): Promise<readonly SealedPart[]>;
  sealedBytes(generation: GenerationId, start: number): Promise<Buffer>;
}
