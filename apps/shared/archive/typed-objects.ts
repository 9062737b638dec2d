import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { Failure } from '../failure.ts';
import type { PutOutcome } from '../ports/archive.ts';
import { parseNumber } from './keys.ts';
import { METADATA_FORMAT } from './metadata.ts';
import {
  DamagedObject,
  decodeBytes,
  decodeMetadata,
  encodeObject,
  headerLength,
  METADATA_READ_BYTES,
} from './object-codec.ts';
import type { ObjectStore } from './object-store.ts';

/** What all metadata has: how many compressed bytes follow it. */
interface Stored {
  readonly stored: number;
}

/** Metadata of an object that holds the bytes [start, end) of a file. */
interface StoredRange extends Stored {
  readonly start: number;
  readonly end: number;
  readonly sha256: string;
}

/** Objects with metadata and bytes over a store; what is read is checked, and damage names the object. */
export interface TypedObjects {
  put(key: string, metadata: object, bytes?: Uint8Array): Promise<PutOutcome>;
  exists(key: string): Promise<boolean>;
  /** `check` says what else must hold, by throwing `DamagedObject`. */
  metadata<M extends Stored>(key: string, schema: z.ZodType<M>, check: (found: M) => void): Promise<M | undefined>;
  /** The bytes, checked against their digest. NOT_FOUND where there is no such object. */
  bytes(key: string, schema: z.ZodType<StoredRange>, start: number): Promise<Buffer>;
  /** The numbers that keys hold directly after the prefix, ascending. */
  numbers(prefix: string): Promise<number[]>;
  keys(prefix: string): Promise<string[]>;
}

export function createTypedObjects(store: ObjectStore, level: number): TypedObjects {
  return {
    put: async (key, metadata, bytes = new Uint8Array(0)) =>
      store.putIfAbsent(key, await encodeObject({ format: METADATA_FORMAT, ...metadata }, bytes, level)),

    exists: async (key) => (await store.get(key, { length: 1 })) !== undefined,

    metadata: async (key, schema, check) => {
      const start = await store.get(key, { length: METADATA_READ_BYTES });
      if (start === undefined) return undefined;
      return naming(store, key, async () => {
        const length = headerLength(start);
        const header = length <= METADATA_READ_BYTES ? start : await store.get(key, { length });
        const found = parse(header ?? start, schema);
        check(found);
        return found;
      });
    },

    bytes: async (key, schema, start) => {
      const object = await store.get(key);
      if (object === undefined) throw new Failure('NOT_FOUND', `There is no ${store.describe(key)} in the archive.`);
      return naming(store, key, async () => {
        const metadata = parse(object, schema);
        expectStart(metadata.start, start);
        const bytes = await decodeBytes(object, metadata.end - metadata.start, metadata.stored);
        if (createHash('sha256').update(bytes).digest('hex') === metadata.sha256) return bytes;
        throw new DamagedObject('its bytes do not have the digest they were stored with');
      });
    },

    numbers: async (prefix) => {
      const numbers = [];
      for await (const key of store.list(prefix)) numbers.push(parseNumber(key, prefix));
      return numbers.filter((number) => number !== undefined);
    },

    keys: async (prefix) => {
      const keys = [];
      for await (const key of store.list(prefix)) keys.push(key);
      return keys;
    },
  };
}

/** The object's metadata says another offset than its key: it is not where it was put. */
export function expectStart(found: number, start: number): void {
  if (found !== start) throw new DamagedObject(`its metadata is that of offset ${found}`);
}

function parse<M>(object: Buffer, schema: z.ZodType<M>): M {
  const parsed = schema.safeParse(decodeMetadata(object));
  if (!parsed.success) throw new DamagedObject('its metadata is not what was expected', { cause: parsed.error });
  return parsed.data;
}

async function naming<T>(store: ObjectStore, key: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DamagedObject)) throw error;
    const object = store.describe(key);
    const message = `${object} is damaged: ${error.message}. Bring this object back from a replica or an older version; "aurora-logs verify" finds all that are damaged.`;
    throw new Failure('ARCHIVE_CORRUPT', message, { cause: error, details: { object } });
  }
}
