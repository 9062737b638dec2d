import { assume, CODEC_RATIO, type Codec } from './assumptions.ts';

/** What passes through the system in a month. */
export interface Volume {
  /** Raw log bytes, in TB of 1,000 GB. */
  readonly tbPerMonth: number;
  readonly instances: number;
}

export type Egress = 'public' | 'endpoints' | 'nat';
/** Where an archived object is put; lifecycle may move it later. */
export type ArchiveClass = 'standard' | 'standard-ia' | 'glacier-instant';

/** The decisions of an environment that change what a byte costs. */
export interface Choices {
  readonly egress: Egress;
  readonly codec: Codec;
  readonly archiveClass: ArchiveClass;
  /** Days after which lifecycle moves an object to Glacier Instant Retrieval; undefined: never. */
  readonly moveAfterDays: number | undefined;
  readonly rawRetentionDays: number;
  /** Days in which a deleted version stays, and is paid. */
  readonly archiveOldVersionDays: number;
  readonly searchRetentionDays: number;
  readonly searchOldVersionDays: number;
  /** Undefined: the archive has no copy in another region. */
  readonly replicaRetentionDays: number | undefined;
  /** Availability zones that hold nodes. */
  readonly zones: number;
  /** Share of the bytes (0 to 1) that comes by complete download after the rotation, one call per file. */
  readonly completeShare: number;
  /** A file with waiting bytes gets a slot so often. */
  readonly slotSeconds: number;
}

/** Quantities of a month. GB are 1,000 MB. */
export interface Flows {
  readonly rawGb: number;
  /** Compressed bytes that a month adds to the archive. */
  readonly archiveGbPerMonth: number;
  /** Held at the end of the retention, which is what a month costs from then on. */
  readonly archiveGbHeld: number;
  /** Held in Glacier Instant Retrieval, beside `archiveGbHeld`. */
  readonly archiveGbMoved: number;
  readonly replicaGbHeld: number;
  readonly searchGbHeld: number;
  readonly slots: number;
  readonly archivePuts: number;
  readonly archiveGets: number;
  readonly searchPuts: number;
  readonly searchGets: number;
  readonly rdsCalls: number;
  readonly downloadGb: number;
  readonly tableWrites: number;
  readonly tableReads: number;
  readonly tableGb: number;
  readonly zoneCrossingGb: number;
  readonly kmsCalls: number;
  /** MB/s of NDJSON, on average. */
  readonly ndjsonMbPerSecond: number;
  readonly rawMbPerSecond: number;
}

const MONTH_SECONDS = 730 * 3600;
export const MONTH_DAYS = 730 / 24;
const JOB_ROW_DAYS = 30;

/**
 * From volumes and decisions to quantities. Pure. Where the load's spread over the files matters, it takes the dearer
 * bound: each live file writes all the time (a slot per `slotSeconds`) and full slots come on top.
 */
export function flowsOf(volume: Volume, choices: Choices): Flows {
  const rawGb = volume.tbPerMonth * 1000;
  const files = volume.instances * assume('filesPerInstance');
  const rotations = files * assume('rotationsPerMonth');
  const slots = (files * MONTH_SECONDS) / choices.slotSeconds + (rawGb * 1000) / assume('slotBytesMb');
  const archiveGbPerMonth = rawGb / CODEC_RATIO[choices.codec];
  const held = (days: number) => (archiveGbPerMonth * days) / MONTH_DAYS;
  const parquetGb = rawGb * assume('parquetShare') * (1 + assume('indexShare'));
  // A registration and an end object per file, beside its slots.
  const archivePuts = slots + 2 * rotations;
  const searchPuts = (parquetGb * 1000) / assume('parquetFileMb');
  return {
    rawGb,
    archiveGbPerMonth,
    archiveGbHeld: held(firstDays(choices)),
    archiveGbMoved: held(movedDays(choices)),
    replicaGbHeld: held(choices.replicaRetentionDays ?? 0),
    searchGbHeld: (parquetGb * searchDays(choices)) / MONTH_DAYS,
    slots,
    archivePuts,
    archiveGets: slots * assume('archiveReads'),
    searchPuts,
    searchGets: searchPuts * assume('searchReads'),
    rdsCalls: rdsCallsOf(volume, rawGb, slots, rotations, choices.completeShare),
    downloadGb: rawGb * (1 - choices.completeShare) + (rawGb * choices.completeShare) / CODEC_RATIO.gzip1,
    ...tableFlows(volume, slots, rotations),
    zoneCrossingGb: zoneCrossings(rawGb, choices.zones),
    kmsCalls: (archivePuts + searchPuts) * assume('kmsCallsPerPut'),
    ndjsonMbPerSecond: (rawGb * 1000 * assume('ndjsonExpansion')) / MONTH_SECONDS,
    rawMbPerSecond: (rawGb * 1000) / MONTH_SECONDS,
  };
}

/** What the storage class bills for at least. */
const SHORTEST_DAYS: Record<ArchiveClass, number> = { standard: 0, 'standard-ia': 30, 'glacier-instant': 90 };

/** Days that an object spends where it was put, at least what its class bills. */
function firstDays(choices: Choices): number {
  const { rawRetentionDays, archiveOldVersionDays, moveAfterDays, archiveClass } = choices;
  const days = Math.min(rawRetentionDays + archiveOldVersionDays, moveAfterDays ?? Number.POSITIVE_INFINITY);
  return Math.max(days, SHORTEST_DAYS[archiveClass]);
}

/** Days that it spends in Glacier Instant Retrieval after it was moved. */
function movedDays({ rawRetentionDays, archiveOldVersionDays, moveAfterDays }: Choices): number {
  const rest = rawRetentionDays + archiveOldVersionDays - (moveAfterDays ?? Number.POSITIVE_INFINITY);
  return rest > 0 ? Math.max(rest, SHORTEST_DAYS['glacier-instant']) : 0;
}

/** Compaction replaces each file once and the retention deletes it: both leave an old version. */
function searchDays({ searchRetentionDays, searchOldVersionDays }: Choices): number {
  return searchRetentionDays + 2 * searchOldVersionDays;
}

function rdsCallsOf(volume: Volume, rawGb: number, slots: number, rotations: number, completeShare: number): number {
  const lists = (volume.instances * MONTH_SECONDS) / assume('listSeconds');
  const portions = ((rawGb * 1000) / assume('portionMb') + slots * assume('portionsLost')) * (1 - completeShare);
  const heads = slots * assume('callsPerSlot') * (1 - completeShare);
  return lists + portions + heads + rotations * completeShare;
}

function tableFlows(volume: Volume, slots: number, rotations: number) {
  const lists = (volume.instances * MONTH_SECONDS) / assume('listSeconds');
  return {
    tableWrites: slots * (assume('trackingWrites') + assume('jobWrites')) + rotations * assume('fileWrites'),
    // Discovery reads the positions of an instance's files after each listing: one eventual query.
    tableReads: slots * assume('readsPerSlot') + lists / 2,
    tableGb: (slots * assume('jobRowKb') * JOB_ROW_DAYS) / MONTH_DAYS / 1e6,
  };
}

/** Processor to router, router to ingester: compressed NDJSON, and a pod of another zone is as likely as any. */
function zoneCrossings(rawGb: number, zones: number): number {
  const sentGb = (rawGb * assume('ndjsonExpansion')) / assume('ndjsonRatio');
  return 2 * sentGb * (1 - 1 / zones);
}
