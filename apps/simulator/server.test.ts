import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DescribeDBLogFilesCommand } from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import { MAX_CONNECTIONS } from './simulator.ts';
import { element, signedRequest, withSimulator, writeFleetFile } from './testing/simulated-fleet.ts';

const ACTIVE = 'slowquery/mysql-slowquery.log';
const EVERY_BYTE = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));

describe('the complete download', () => {
  const file = Buffer.concat([EVERY_BYTE, Buffer.alloc(3_000_000, 'line\0\r\n'), EVERY_BYTE]);

  it('gives the bytes of the file, plain and gzipped, without a length', async () => {
    await withSimulator({ 'a/audit/a log.0': file }, {}, async ({ simulator }) => {
      const url = `${simulator.url}/v13/downloadCompleteLogFile/a/audit/a%20log.0`;
      const plain = await signedRequest(url);
      expect(plain.status).toBe(200);
      expect(plain.headers['content-length']).toBeUndefined();
      expect(plain.body.equals(file)).toBe(true);
      const gzipped = await signedRequest(url, { headers: { 'accept-encoding': 'gzip' } });
      expect(gzipped.headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(gzipped.body).equals(file)).toBe(true);
      const presigned = await signedRequest(url, { presign: true });
      expect(presigned.body.equals(file)).toBe(true);
    });
  });

  it('goes on with the file it began with when that is renamed and deleted meanwhile', async () => {
    const bytes = Buffer.alloc(50_000_000, 'a line of the first file\n');
    await withSimulator({ [`a/${ACTIVE}`]: bytes }, {}, async ({ simulator, client, root }) => {
      const list = () => client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'a' }));
      await list();
      let isRotated = false;
      const { body } = await signedRequest(`${simulator.url}/v13/downloadCompleteLogFile/a/${ACTIVE}`, {
        beforeBody: async () => {
          await rename(join(root, `a/${ACTIVE}`), join(root, `a/${ACTIVE}.2026-01-01.00`));
          await writeFleetFile(root, `a/${ACTIVE}`, 'the second file\n');
          expect((await list()).DescribeDBLogFiles).toHaveLength(2);
          await rm(join(root, `a/${ACTIVE}.2026-01-01.00`));
          expect((await list()).DescribeDBLogFiles).toHaveLength(1);
          isRotated = true;
        },
      });
      expect(isRotated).toBe(true);
      expect(body.equals(bytes)).toBe(true);
    });
  });

  it('answers 404 for an unknown file or instance', async () => {
    await withSimulator({ 'a/x.log': 'x' }, {}, async ({ simulator }) => {
      const noFile = await signedRequest(`${simulator.url}/v13/downloadCompleteLogFile/a/error/no.log`);
      expect([noFile.status, element(noFile.body, 'Code')]).toEqual([404, 'DBLogFileNotFoundFault']);
      const noInstance = await signedRequest(`${simulator.url}/v13/downloadCompleteLogFile/b/x.log`);
      expect([noInstance.status, element(noInstance.body, 'Code')]).toEqual([404, 'DBInstanceNotFound']);
    });
  });

  it('gives nothing for an empty file', async () => {
    await withSimulator({ 'a/x.log': '' }, {}, async ({ simulator }) => {
      const answer = await signedRequest(`${simulator.url}/v13/downloadCompleteLogFile/a/x.log`);
      expect([answer.status, answer.body.length]).toEqual([200, 0]);
    });
  });
});

describe('limits', () => {
  it('refuses a body over 64 KiB with an answer', async () => {
    await withSimulator({ 'a/x.log': 'x' }, {}, async ({ simulator }) => {
      const form = { Action: 'DescribeDBInstances', Padding: 'x'.repeat(64 * 1024) };
      const { status, body } = await signedRequest(`${simulator.url}/`, { form });
      expect([status, element(body, 'Code')]).toEqual([413, 'RequestEntityTooLarge']);
    });
  });

  it('closes connections beyond its limit and serves the others', async () => {
    await withSimulator({ 'a/x.log': 'x' }, {}, async ({ simulator }) => {
      const port = Number(new URL(simulator.url).port);
      const sockets = Array.from({ length: MAX_CONNECTIONS + 5 }, () => connect(port, '127.0.0.1'));
      const closed = new Set<Socket>();
      for (const socket of sockets) socket.on('error', () => undefined).on('close', () => closed.add(socket));
      for (const socket of sockets) socket.on('data', () => undefined);
      while (closed.size < 5) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(closed.size).toBe(5);
      const open = sockets.find((socket) => !closed.has(socket)) as Socket;
      open.write('GET /ledger HTTP/1.1\r\nhost: x\r\n\r\n');
      const [answer] = (await once(open, 'data')) as [Buffer];
      expect(answer.toString()).toContain('HTTP/1.1 200 OK');
      for (const socket of sockets) socket.destroy();
    });
  });

  it('refuses a path that is not UTF-8', async () => {
    await withSimulator({ 'a/x.log': 'x' }, {}, async ({ simulator }) => {
      const { status, body } = await signedRequest(`${simulator.url}/v13/downloadCompleteLogFile/a/%ff`);
      expect([status, element(body, 'Code')]).toEqual([400, 'InvalidParameterValue']);
    });
  });
});
