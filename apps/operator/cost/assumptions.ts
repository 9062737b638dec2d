/** A number that the stacks do not hold, with the reason for its value. */
export interface Assumption {
  readonly value: number;
  readonly unit: string;
  readonly why: string;
}

/** Compressed size: raw bytes per stored byte, measured on slow and PostgreSQL logs of 600 MB; real SQL compresses less. */
export const CODEC_RATIO = { gzip1: 8.2, zstd1: 9.9, zstd6: 12.3 } as const;
export type Codec = keyof typeof CODEC_RATIO;

/** Raw MB per second and core: un-escaping, parsing, NDJSON and one compression, half of what was measured on one core. */
export const CODEC_SPEED = { gzip1: 40, zstd1: 60, zstd6: 35 } as const;

/** Every number of the model that is neither a price nor a property of a resource. */
export const ASSUMPTIONS = {
  filesPerInstance: { value: 1300 / 316, unit: 'live log files', why: '1,300 live files of 316 instances' },
  rotationsPerMonth: { value: 730, unit: 'files per live file', why: 'Aurora rotates hourly' },
  slotBytesMb: { value: 16, unit: 'MB', why: 'a file is due when so much waits' },
  slotSeconds: { value: 120, unit: 's', why: 'or when its oldest waiting byte is so old' },
  listSeconds: { value: 60, unit: 's', why: 'a busy instance is listed so often; idle ones less' },
  portionMb: { value: 1, unit: 'MB', why: 'most that one portion of a log file holds' },
  portionsLost: { value: 0.5, unit: 'portions per slot', why: 'the last portion of a slot is half full' },
  callsPerSlot: {
    value: 2,
    unit: 'RDS calls',
    why: 'heads and tails that are read again: three for files that get renamed, none for the others',
  },
  ndjsonExpansion: {
    value: 2.5,
    unit: 'bytes per raw byte',
    why: 'each record gets some 400 bytes of fields; measured: 2.7 at 230 bytes a record, 3.9 at 187',
  },
  ndjsonRatio: {
    value: 20,
    unit: 'bytes per sent byte',
    why: 'the added fields repeat; measured: 24 and 27 with zstd level 1',
  },
  parquetShare: {
    value: 0.15,
    unit: 'bytes per raw byte',
    why: 'columns with zstd; measured: 0.12 of slow logs, 0.19 of PostgreSQL logs',
  },
  indexShare: { value: 0.25, unit: 'of the Parquet bytes', why: "OpenObserve's figure for its full-text index" },
  parquetFileMb: {
    value: 8,
    unit: 'MB',
    why: 'ingesters upload per stream and 10 minutes, compaction rewrites to 512 MB',
  },
  searchReads: { value: 20, unit: 'GET per uploaded file', why: 'compaction once, then queries and cache refills' },
  archiveReads: { value: 1, unit: 'GET per slot', why: 'matching of generations, reconciler, verify, restores' },
  ingestMbPerVcpu: { value: 7, unit: 'MB/s of NDJSON', why: "the low end of OpenObserve's 7 to 30" },
  searchUtilization: { value: 0.6, unit: 'of the CPU', why: 'room for bursts and catching up' },
  processorUtilization: { value: 0.6, unit: 'of the CPU', why: 'the autoscaler aims at it' },
  trackingWrites: { value: 2, unit: 'writes per slot', why: 'chain end, then indexed offset' },
  jobWrites: { value: 5, unit: 'writes per slot', why: 'a row opened and closed, and the index by state (3)' },
  fileWrites: { value: 4, unit: 'writes per rotation', why: 'two names, the generation, its removal' },
  jobRowKb: { value: 0.7, unit: 'KB', why: 'row and index entry; kept for 30 days' },
  readsPerSlot: { value: 2, unit: 'strong reads', why: 'chain end before work, generation after' },
  kmsCallsPerPut: { value: 0.01, unit: 'calls', why: 'a bucket key answers the others' },
  trailEventLogKb: { value: 1.4, unit: 'KB per event', why: 'one event in CloudWatch Logs, uncompressed' },
  vcpusPerInstance: { value: 4, unit: 'vCPU', why: 'mean size of a watched instance' },
  eksAuditEvents: { value: 2_000_000, unit: 'events per month', why: 'controllers and kubelets of a small cluster' },
  controlPlaneLogGb: { value: 2, unit: 'GB per log type and month', why: 'a small cluster; audit is most of it' },
  flowLogGbPerNode: { value: 1.5, unit: 'GB per month', why: 'one record per connection and 10 minutes' },
  otherManagementEvents: { value: 200_000, unit: 'events per month', why: 'all that is not the RDS log calls' },
  configItemsPerResource: { value: 1, unit: 'items per month', why: 'a deployment now and then' },
  configItemsPerNode: { value: 60, unit: 'items per month', why: 'instances, volumes and interfaces come and go' },
  evaluationsPerItem: { value: 3, unit: 'evaluations', why: 'rules that match the type of a changed item' },
  checksPerResource: { value: 30, unit: 'checks per month', why: 'Security Hub looks once a day' },
  imageGb: { value: 5, unit: 'GB', why: 'three images, some releases, two architectures' },
  secretCalls: { value: 20_000, unit: 'calls per month', why: 'External Secrets, each hour, each secret' },
  natOtherGb: { value: 100, unit: 'GB per month', why: 'images and AWS APIs that have no endpoint' },
  backupCopies: { value: 1.3, unit: 'of the volume', why: 'one full copy and the changes of the kept days' },
  noticesPerMonth: { value: 100, unit: 'e-mails and calls', why: 'alarms and budget notices' },
  accessLogKb: { value: 0.6, unit: 'KB per request', why: 'one line of an S3 access log' },
  trailEventKb: { value: 0.12, unit: 'KB per event', why: 'one event in S3, gzip' },
  lcuPerBalancer: { value: 0.5, unit: 'LCU', why: 'a search page for tens of people' },
  searchPageRequests: { value: 1_000_000, unit: 'requests per month', why: 'tens of people' },
  searchEgressGb: { value: 50, unit: 'GB per month', why: 'results to browsers' },
  auroraAcuHours: {
    value: 40,
    unit: 'ACU-hours per month',
    why: 'awake for some hours of load a week, paused otherwise',
  },
  auroraStorageGb: { value: 10, unit: 'GB', why: 'sample data' },
  auroraIoMillions: { value: 1, unit: 'million requests per month', why: 'sample load' },
} as const satisfies Record<string, Assumption>;

/** Value of an assumption. */
export function assume(name: keyof typeof ASSUMPTIONS): number {
  return ASSUMPTIONS[name].value;
}
