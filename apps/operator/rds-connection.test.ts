import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withSimulator } from '../simulator/testing/simulated-fleet.ts';
import { connectRds } from './rds-connection.ts';

const FLEET = { 'orders-1/error/mysql-error.log': 'one\n' };
const VARIABLES = [
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

describe('connectRds', () => {
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  const restore = () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  beforeEach(() => {
    for (const name of VARIABLES) delete process.env[name];
  });
  afterEach(restore);

  async function instancesAt(endpoint: string, region?: string) {
    const source = connectRds({ endpoint, region });
    try {
      return (await source.instances(new AbortController().signal)).map((one) => one.instanceId);
    } finally {
      source.close();
    }
  }

  it("uses the simulator's credentials for an endpoint on this machine when there are no others", () =>
    withSimulator(FLEET, {}, async ({ simulator }) => {
      expect(await instancesAt(simulator.url)).toEqual(['orders-1']);
      expect(await instancesAt(simulator.url, 'ap-south-1')).toEqual(['orders-1']);
    }));

  it('uses the credentials of the environment where there are any', () =>
    withSimulator(FLEET, {}, async ({ simulator }) => {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'somebody', AWS_SECRET_ACCESS_KEY: 'else' });
      await expect(instancesAt(simulator.url)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
    }));

  it('wants a URL for an endpoint, and a region for AWS', () => {
    const connect = (endpoint?: string) => () => connectRds({ endpoint, region: undefined }).close();
    expect(connect('127.0.0.1')).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(connect()).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) {
      process.env[name] = 'eu-west-1';
      expect(connect()).not.toThrow();
      delete process.env[name];
    }
  });
});
