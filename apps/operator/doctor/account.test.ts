import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccount } from './account.ts';

const hasMoto = spawnSync('moto_server', ['--help']).status === 0;
if (!hasMoto) process.stderr.write('account.test.ts skips: moto_server (pip install "moto[server]") is not on PATH\n');

const REGION = 'us-east-1';
const VARIABLES = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: '' };
const before = { ...process.env };
let server: ChildProcess | undefined;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 450; attempt += 1) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

(hasMoto ? describe : describe.skip)('an account, as an emulator of AWS shows it', () => {
  beforeAll(async () => {
    const port = await freePort();
    server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    Object.assign(process.env, VARIABLES, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    await answers(`http://127.0.0.1:${port}/moto-api/`);
    const s3 = new S3Client({ region: REGION, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'aurora-logs-state-123456789012' }));
    await s3.send(new PutObjectCommand({ Bucket: 'aurora-logs-state-123456789012', Key: 'poc.tfstate', Body: '{}' }));
  }, 60_000);

  afterAll(async () => {
    process.env = before;
    if (!server) return;
    server.kill();
    await once(server, 'exit');
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
