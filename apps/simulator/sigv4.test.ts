import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import { createClient, element, signedRequest, withSimulator } from './testing/simulated-fleet.ts';

describe('signatures', () => {
  it('refuses another key, another secret and no signature, as RDS does', async () => {
    await withSimulator({ 'a/x.log': 'x' }, {}, async ({ simulator }) => {
      const call = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
        createClient(simulator.url, credentials).send(new DescribeDBInstancesCommand());
      await expect(call({ accessKeyId: 'other', secretAccessKey: 'simulator' })).rejects.toMatchObject({
        name: 'InvalidClientTokenId',
        $metadata: { httpStatusCode: 403 },
      });
      await expect(call({ accessKeyId: 'simulator', secretAccessKey: 'other' })).rejects.toMatchObject({
        name: 'SignatureDoesNotMatch',
        $metadata: { httpStatusCode: 403 },
      });
      const unsigned = await fetch(`${simulator.url}/v13/downloadCompleteLogFile/a/x.log`);
      expect(unsigned.status).toBe(403);
      expect(await unsigned.text()).toContain('MissingAuthenticationToken');
    });
  });

  it('covers path, headers and body, and ends when it says', async () => {
    await withSimulator({ 'a/x.log': 'x', 'a/y.log': 'y' }, {}, async ({ simulator }) => {
      const url = `${simulator.url}/v13/downloadCompleteLogFile/a/x.log`;
      const signatureCode = async (options: Parameters<typeof signedRequest>[1]) => {
        const { status, body } = await signedRequest(url, options);
        return status === 200 ? body.toString() : element(body, 'Code');
      };
      const token = { accessKeyId: 'simulator', secretAccessKey: 'simulator', sessionToken: 'a/token+=' };
      for (const presign of [true, false]) {
        expect(await signatureCode({ presign, credentials: token })).toBe('x');
        const tamper = (sent: { path: string }) => {
          sent.path = sent.path.replace('x.log', 'y.log');
        };
        expect(await signatureCode({ presign, tamper })).toBe('SignatureDoesNotMatch');
        expect(await signatureCode({ presign, signedAt: new Date(Date.now() - 3_600_000) })).toBe(
          'SignatureDoesNotMatch',
        );
      }
      const form = { Action: 'DescribeDBInstances', Version: '2014-10-31' };
      const changed = await signedRequest(`${simulator.url}/`, {
        form,
        tamper: ({ headers }) => {
          headers['x-amz-content-sha256'] = '0'.repeat(64);
        },
      });
      expect(element(changed.body, 'Code')).toBe('SignatureDoesNotMatch');
    });
  });
});
