import { promisify } from 'node:util';
import { crc32, constants as zlib, zstdCompress, zstdDecompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** "Skippable frame", RFC 8878 section 3.1.2: `zstd -dc` steps over it. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const FRAME_PREFIX_BYTES = 8;
/** A newline and the CRC-32 of the JSON as 8 hex digits end the metadata. */
const CRC_BYTES = 9;
const MAX_METADATA_BYTES = 64 * 1024;

/** Enough for the metadata of nearly every object: what a reader that wants no bytes asks for. */
export const METADATA_READ_BYTES = 4096;

/** No object holds more raw bytes than this. */
export const MAX_RAW_BYTES = 64 * 1024 * 1024;

/** Why an object cannot be what was written; translated to ARCHIVE_CORRUPT by the caller, who knows its name. */
export class DamagedObject extends Error {}

/** Writes an object: a skippable frame with the metadata, then one zstd frame where there are bytes. */
export async function encodeObject(metadata: object, raw: Uint8Array, level: number): Promise<Uint8Array[]> {
  if (raw.length > MAX_RAW_BYTES)
    throw new RangeError(`${raw.length} bytes in one object, ${MAX_RAW_BYTES} is the most`);
  const frame = raw.length === 0 ? Buffer.alloc(0) : await compressFrame(raw, level);
  const json = Buffer.from(JSON.stringify({ ...metadata, stored: frame.length }));
  if (json.length > MAX_METADATA_BYTES) throw new RangeError(`${json.length} bytes of metadata`);
  const prefix = Buffer.alloc(FRAME_PREFIX_BYTES);
  prefix.writeUInt32LE(SKIPPABLE_MAGIC, 0);
  prefix.writeUInt32LE(json.length + CRC_BYTES, 4);
  const header = Buffer.concat([prefix, json, crcLine(json)]);
  return frame.length === 0 ? [header] : [header, frame];
}

function compressFrame(raw: Uint8Array, level: number): Promise<Buffer> {
  return compress(raw, {
    params: { [zlib.ZSTD_c_compressionLevel]: level, [zlib.ZSTD_c_checksumFlag]: 1 },
    pledgedSrcSize: raw.length,
    chunkSize: 1024 * 1024,
  });
}

function crcLine(json: Uint8Array): Buffer {
  return Buffer.from(`\n${crc32(json).toString(16).padStart(8, '0')}`, 'latin1');
}

/** How long the part with the metadata is, from the first bytes of an object. */
export function headerLength(object: Buffer): number {
  if (object.length < FRAME_PREFIX_BYTES) throw new DamagedObject('it is too short');
  if (object.readUInt32LE(0) !== SKIPPABLE_MAGIC) throw new DamagedObject('it does not begin with metadata');
  const length = object.readUInt32LE(4);
  if (length <= CRC_BYTES || length > MAX_METADATA_BYTES + CRC_BYTES)
    throw new DamagedObject('its metadata is damaged');
  return FRAME_PREFIX_BYTES + length;
}

/** The metadata of an object of which at least `headerLength` bytes are there. */
export function decodeMetadata(object: Buffer): unknown {
  const length = headerLength(object);
  if (object.length < length) throw new DamagedObject('it ends within its metadata');
  const json = object.subarray(FRAME_PREFIX_BYTES, length - CRC_BYTES);
  if (!crcLine(json).equals(object.subarray(length - CRC_BYTES, length))) {
    throw new DamagedObject('its metadata is damaged');
  }
  try {
    return JSON.parse(json.toString());
  } catch (error) {
    throw new DamagedObject('its metadata is not JSON', { cause: error });
  }
}

/** The raw bytes of a whole object that holds `size` of them in `stored` compressed ones. */
export async function decodeBytes(object: Buffer, size: number, stored: number): Promise<Buffer> {
  const frame = object.subarray(headerLength(object));
  if (frame.length !== stored)
    throw new DamagedObject(`it holds ${frame.length} compressed bytes instead of ${stored}`);
  if (size > MAX_RAW_BYTES) throw new DamagedObject(`it claims to hold ${size} bytes`);
  if (stored === 0) return Buffer.alloc(0);
  const raw = await decompressFrame(frame, size);
  if (raw.length !== size) throw new DamagedObject(`it holds ${raw.length} bytes instead of ${size}`);
  return raw;
}

async function decompressFrame(frame: Buffer, size: number): Promise<Buffer> {
  try {
    return await decompress(frame, { maxOutputLength: Math.max(size, 1), chunkSize: 1024 * 1024 });
  } catch (error) {
    throw new DamagedObject('its bytes cannot be decompressed', { cause: error });
  }
}
