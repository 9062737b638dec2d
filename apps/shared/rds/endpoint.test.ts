import { RDSClient } from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import { endpointOf, isLoopback } from './endpoint.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

describe('endpointOf', () => {
  it.each([
    ['eu-west-1', 'rds.eu-west-1.amazonaws.com'],
    ['cn-north-1', 'rds.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'rds.us-gov-west-1.amazonaws.com'],
  ])('is where the SDK goes in %s', async (region, host) => {
    const url = await endpointOf(new RDSClient({ region, credentials }));
    expect([url.protocol, url.host]).toEqual(['https:', host]);
  });

  it('is the endpoint that the client was given', async () => {
    const url = await endpointOf(
      new RDSClient({ region: 'eu-west-1', credentials, endpoint: 'http://127.0.0.1:9000' }),
    );
    expect(url.origin).toBe('http://127.0.0.1:9000');
  });
});

describe('isLoopback', () => {
  it.each([
    ['http://127.0.0.1:80', true],
    ['http://127.1.2.3', true],
    ['http://localhost:9000', true],
    ['http://[::1]:9000', true],
    ['https://rds.eu-west-1.amazonaws.com', false],
    ['http://localhost.example.com', false],
    ['http://10.0.0.1', false],
  ])('%s: %s', (url, expected) => {
    expect(isLoopback(new URL(url))).toBe(expected);
  });
});
