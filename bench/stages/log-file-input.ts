import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';
import { createRecordParser } from '../../apps/processor/parsers/create-record-parser.ts';
import type { RecordParser } from '../../apps/processor/parsers/record-parser.ts';
import { dbSystem, logKind } from '../../apps/shared/log-file.ts';

/** What a portion of the RDS API holds at most. */
const PORTION_BYTES = 1 << 20;

/** A file as the processor gets it: in portions, which are good until the next is asked for. */
export function* portionsOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(PORTION_BYTES);
  for (let bytes = readSync(file, buffer); bytes > 0; bytes = readSync(file, buffer)) yield buffer.subarray(0, bytes);
  closeSync(file);
}

/** The product's parser for a log file, by its name as RDS shows it. */
export function parserFor(fileName: string): RecordParser {
  const kind = logKind(fileName);
  const engine = kind === 'postgresql' ? 'aurora-postgresql' : 'aurora-mysql';
  const context = {
    accountId: '123456789012',
    region: 'eu-central-1',
    dbSystem: dbSystem(engine),
    clusterId: 'bench',
    instanceId: 'bench-1',
    resourceId: 'db-BENCHBENCHBENCHBENCHBENCHBE',
    kind,
    fileName,
    seq: 1,
  };
  return createRecordParser(context, { offset: 0 });
}

/** zstd level 1, as records go to the search. */
export function compress(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Writes to stdout, which the bench leads to nowhere. */
export function emit(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}

/** Path of the file and its name at RDS: the arguments of every stage. */
export function stageArguments(): { path: string; fileName: string } {
  const [path, fileName] = process.argv.slice(2);
  if (!path || !fileName) throw new Error('usage: node <stage>.ts PATH NAME-AT-RDS');
  return { path, fileName };
}
