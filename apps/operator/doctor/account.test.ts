import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Moto, startMoto } from '../../shared/testing/moto.ts';
import { openAccount } from './account.ts';

const REGION = 'us-east-1';
const before = { ...process.env };
let moto: Moto | undefined;

describe('an account, as an emulator of AWS shows it', () => {
  beforeAll(async () => {
    moto = await startMoto();
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    Object.assign(process.env, credentials, { AWS_ENDPOINT_URL: moto.endpoint });
    const s3 = new S3Client({ region: REGION, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'aurora-logs-state-123456789012' }));
    await s3.send(new PutObjectCommand({ Bucket: 'aurora-logs-state-123456789012', Key: 'poc.tfstate', Body: '{}' }));
  }, 300_000);

  afterAll(async () => {
    process.env = before;
    await moto?.stop();
  });

  test('says whose credentials they are', async () => {
    expect(await openAccount(REGION).identity()).toMatchObject({ accountId: '123456789012' });
  });

  test('tells a bucket that exists from a free name', async () => {
    expect(await openAccount(REGION).bucketHolder('aurora-logs-state-123456789012')).toBe('ours');
    expect(await openAccount(REGION).bucketHolder('aurora-logs-poc-search-123456789012')).toBe('free');
  });

  test('tells whether a state is there', async () => {
    const account = openAccount(REGION);
    expect(await account.hasObject('aurora-logs-state-123456789012', 'poc.tfstate')).toBe(true);
    expect(await account.hasObject('aurora-logs-state-123456789012', 'production.tfstate')).toBe(false);
  });

  test('counts what is in use and reads the limit', async () => {
    const account = openAccount(REGION);
    expect(await account.countUsed('vpcs')).toBe(1);
    expect(await account.countUsed('addresses')).toBe(0);
    expect(await account.quota('vpc', 'L-F678F1CE')).toBe(5);
  });

  test('throws for a quota that the account does not tell', async () => {
    await expect(openAccount(REGION).quota('eks', 'L-1194D53C')).rejects.toThrow();
  });
});
