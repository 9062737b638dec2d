import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { PutOutcome } from '../ports/archive.ts';
import { type Clock, type Random, systemClock } from '../ports/clock.ts';
import type { ObjectStore } from './object-store.ts';
import { isMissing, isPreconditionFailed, isUncertain, s3Failure } from './s3-failure.ts';

/** Tries of one call, the first among them. */
const MAX_TRIES = 5;
const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 5_000;
const DEFAULT_TIMEOUT_MS = 60_000;
const PAGE_SIZE = 1_000;

export interface S3Location {
  /** Made with `maxAttempts: 1`: retries are here, where an uncertain put can be looked after. */
  readonly client: S3Client;
  readonly bucket: string;
  /** Before all keys, with a slash at its end; '' for none. */
  readonly prefix: string;
}

export interface S3StoreOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  /** For one try of one call. */
  readonly timeoutMs?: number;
}

/** Objects in a bucket; put-if-absent is `If-None-Match: *`. Each call is tried up to five times, with full jitter. */
export function createS3Store(location: S3Location, options: S3StoreOptions = {}): ObjectStore {
  const { client, bucket, prefix } = location;
  const { clock = systemClock, random = Math.random, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const describe = (key: string) => `s3://${bucket}/${prefix}${key}`;
  const object = (key: string) => ({ Bucket: bucket, Key: `${prefix}${key}` });

  async function retrying<T>(name: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work(AbortSignal.timeout(timeoutMs));
      } catch (error) {
        if (!isUncertain(error) || tries === MAX_TRIES) throw s3Failure(name, error);
        await clock.sleep(random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tries));
      }
    }
  }

  async function exists(key: string, abortSignal: AbortSignal): Promise<boolean> {
    try {
      await client.send(new HeadObjectCommand(object(key)), { abortSignal });
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async function putOnce(key: string, body: Uint8Array, abortSignal: AbortSignal): Promise<PutOutcome> {
    try {
      await client.send(new PutObjectCommand({ ...object(key), Body: body, IfNoneMatch: '*' }), { abortSignal });
      return 'created';
    } catch (error) {
      if (isPreconditionFailed(error)) return 'exists';
      // A timeout, a 5xx, a 409 of a writer beside us: what became of it only a look can tell.
      if (isUncertain(error) && (await exists(key, AbortSignal.timeout(timeoutMs)))) return 'exists';
      throw error;
    }
  }

  async function getOnce(key: string, length: number | undefined, abortSignal: AbortSignal) {
    const range = length === undefined ? {} : { Range: `bytes=0-${length - 1}` };
    try {
      const answer = await client.send(new GetObjectCommand({ ...object(key), ...range }), { abortSignal });
      return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async function* list(keyPrefix: string, { startAfter = '', pageSize = PAGE_SIZE } = {}): AsyncGenerator<string> {
    const after = startAfter === '' ? {} : { StartAfter: `${prefix}${startAfter}` };
    const request = { Bucket: bucket, Prefix: `${prefix}${keyPrefix}`, ...after };
    let from: { ContinuationToken?: string; MaxKeys: number } = { MaxKeys: pageSize };
    for (;;) {
      const command = new ListObjectsV2Command({ ...request, ...from });
      const page = await retrying(describe(keyPrefix), (abortSignal) => client.send(command, { abortSignal }));
      for (const { Key: key = '' } of page.Contents ?? []) yield key.slice(prefix.length);
      if (page.NextContinuationToken === undefined) return;
      from = { ContinuationToken: page.NextContinuationToken, MaxKeys: PAGE_SIZE };
    }
  }

  return {
    putIfAbsent: (key, parts) => {
      const body = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      return retrying(describe(key), (signal) => putOnce(key, body, signal));
    },
    get: (key, { length } = {}) => retrying(describe(key), (signal) => getOnce(key, length, signal)),
    list,
    describe,
  };
}
