import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../ports/clock.ts';
import { describeArchive } from '../testing/archive-contract.ts';
import { createFaultyProxy, type FaultyProxy } from '../testing/faulty-proxy.ts';
import { type Moto, startMoto } from '../testing/moto.ts';
import type { ObjectStore } from './object-store.ts';
import { openArchive } from './open-archive.ts';
import { createS3Store } from './s3-store.ts';

let moto: Moto;
let bucketCount = 0;

beforeAll(async () => {
  moto = await startMoto();
}, 400_000);
afterAll(async () => moto?.stop());

function clientOf(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 1 });
}

async function newBucket(): Promise<string> {
  bucketCount += 1;
  const bucket = `archive-${bucketCount}`;
  await clientOf(moto.endpoint).send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

describeArchive('S3', async () => {
  const client = clientOf(moto.endpoint);
  const bucket = await newBucket();
  return {
    store: createS3Store({ client, bucket, prefix: 'logs/' }),
    overwrite: async (key, bytes) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `logs/${key}`, Body: bytes }));
    },
    close: async () => client.destroy(),
  };
});

describe('S3 that fails', () => {
  const slept: number[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
  const body = randomBytes(100_000);
  let proxy: FaultyProxy;
  let store: ObjectStore;

  beforeEach(async () => {
    slept.length = 0;
    proxy = await createFaultyProxy(moto.endpoint);
    const location = { client: clientOf(proxy.endpoint), bucket: await newBucket(), prefix: '' };
    store = createS3Store(location, { clock, random: () => 1, timeoutMs: 500 });
  });
  afterEach(() => proxy.close());

  it.each(['slow-down', 'internal-error', 'conflict', 'reset', 'silence', 'precondition-in-200'] as const)(
    'puts once although the first two tries meet %s',
    async (fault) => {
      proxy.inject('PUT', fault, fault);
      expect(await store.putIfAbsent('v1/a', [body.subarray(0, 10), body.subarray(10)])).toBe('created');
      expect(await store.get('v1/a')).toEqual(body);
      expect(proxy.unused()).toBe(0);
    },
  );

  it.each(['lost-answer', 'late-silence'] as const)(
    'looks at what is there when the answer to a put is lost (%s)',
    async (fault) => {
      proxy.inject('PUT', fault);
      expect(await store.putIfAbsent('v1/a', [body])).toBe('exists');
      expect(await store.get('v1/a')).toEqual(body);
      expect(slept).toEqual([]);
    },
  );

  it.each(['slow-down', 'reset', 'silence', 'cut-answer'] as const)(
    'gets the whole object although the first tries meet %s',
    async (fault) => {
      await store.putIfAbsent('v1/a', [body]);
      proxy.inject('GET', fault, fault);
      expect(await store.get('v1/a')).toEqual(body);
    },
  );

  it('waits longer before each try, and says after the fifth that S3 is not there', async () => {
    proxy.inject('GET', 'internal-error', 'reset', 'internal-error', 'slow-down', 'internal-error', 'reset');
    await expect(store.get('v1/a')).rejects.toMatchObject({ code: 'ARCHIVE_UNAVAILABLE', retryable: true });
    expect(slept).toEqual([400, 800, 1600, 3200]);
    expect(proxy.unused()).toBe(1);
  });

  it('names the object and what is missing when it is denied, at once', async () => {
    proxy.inject('PUT', 'denied');
    const put = store.putIfAbsent('v1/a', [body]);
    await expect(put).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(put).rejects.toThrow(/v1\/a.*s3:PutObject/);
    expect(slept).toEqual([]);
  });

  it('lists on although a page fails', async () => {
    const keys = Array.from({ length: 5 }, (_, i) => `v1/${i}`);
    for (const key of keys) await store.putIfAbsent(key, [Buffer.from('x')]);
    proxy.inject('GET', 'reset', 'slow-down');
    const found = [];
    for await (const key of store.list('v1/', { pageSize: 2 })) found.push(key);
    expect(found).toEqual(keys);
  });
});

describe('opening an archive in S3', () => {
  const before = { ...process.env };
  beforeEach(() => {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: moto.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
    });
  });
  afterEach(() => {
    process.env = { ...before };
  });

  it('finds what was written under the same prefix, and nothing under another', async () => {
    const bucket = await newBucket();
    const series = { accountId: '1', region: 'r', resourceId: 'db-1', kind: 'error' } as const;
    const head = Buffer.from('x');
    const registration = { seq: 1, fileName: 'f', head, instanceId: 'i', engine: 'aurora-mysql', registeredAt: 0 };
    await (await openArchive(`s3://${bucket}/logs/`, { mode: 'write' })).register(series, registration);
    expect(await (await openArchive(`s3://${bucket}/logs`, { mode: 'read' })).registrations(series)).toHaveLength(1);
    expect(await (await openArchive(`s3://${bucket}`, { mode: 'read' })).registrations(series)).toHaveLength(0);
  });

  it('says so when there is no such bucket', async () => {
    const opening = openArchive('s3://nobody-has-this', { mode: 'write' });
    await expect(opening).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says so when no bucket is named', async () => {
    await expect(openArchive('s3://', { mode: 'read' })).rejects.toMatchObject({ code: 'USAGE' });
  });
});
