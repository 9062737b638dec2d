import { once } from 'node:events';
import { appendFile, rename, rm, utimes } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DescribeDBParametersCommand,
  DownloadDBLogFilePortionCommand,
  paginateDescribeDBInstances,
  paginateDescribeDBLogFiles,
} from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import { MAX_CONNECTIONS, startSimulator } from './simulator.ts';
import {
  createClient,
  element,
  logFileData,
  signedRequest,
  withSimulator,
  writeFleet,
  writeFleetFile,
} from './testing/simulated-fleet.ts';

const ACTIVE = 'slowquery/mysql-slowquery.log';
const EVERY_BYTE = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));

describe('the fleet', () => {
  it('infers what fleet.json leaves out', async () => {
    const files = { 'orders-1/error/postgresql.log.2026-01-01-0000': 'a\n', 'web-2/error/mysql-error.log': '' };
    await withSimulator(files, {}, async ({ client }) => {
      const { DBInstances } = await client.send(new DescribeDBInstancesCommand());
      expect(
        DBInstances?.map((instance) => [instance.DBInstanceIdentifier, instance.DBClusterIdentifier, instance.Engine]),
      ).toEqual([
        ['orders-1', 'orders', 'aurora-postgresql'],
        ['web-2', 'web', 'aurora-mysql'],
      ]);
      expect(DBInstances?.[0]?.DbiResourceId).toMatch(/^db-[A-Z0-9]{26}$/);
      expect(DBInstances?.[0]?.DbiResourceId).not.toBe(DBInstances?.[1]?.DbiResourceId);
      expect(DBInstances?.[0]?.DBInstanceArn).toBe('arn:aws:rds:us-east-1:123456789012:db:orders-1');
      expect(DBInstances?.[0]?.DBInstanceStatus).toBe('available');
    });
  });

  it('says what fleet.json says', async () => {
    const fleet = {
      accountId: '210987654321',
      region: 'eu-west-1',
      instances: {
        a: {
          ...{ engine: 'aurora-postgresql', cluster: 'books', resourceId: `db-${'A'.repeat(26)}` },
          ...{ tags: { team: 'a & b' }, parameters: { log_line_prefix: '%m <%p>', log_statement: 'all' } },
        },
        b: { status: 'stopped', cluster: 'books' },
      },
    };
    const files = { 'fleet.json': JSON.stringify(fleet), 'a/error/x.log': '', 'b/error/x.log': '' };
    await withSimulator(files, {}, async ({ client }) => {
      const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'a' }));
      expect(DBInstances).toHaveLength(1);
      expect(DBInstances[0]).toMatchObject({
        DBInstanceArn: 'arn:aws:rds:eu-west-1:210987654321:db:a',
        DbiResourceId: `db-${'A'.repeat(26)}`,
        TagList: [{ Key: 'team', Value: 'a & b' }],
      });
      const { DBClusters = [] } = await client.send(new DescribeDBClustersCommand());
      expect(DBClusters[0]?.DBClusterMembers?.map((member) => member.DBInstanceIdentifier)).toEqual(['a', 'b']);
      const byInstance = await client.send(
        new DescribeDBParametersCommand({
          DBParameterGroupName: DBInstances[0]?.DBParameterGroups?.[0]?.DBParameterGroupName,
        }),
      );
      expect(byInstance.Parameters?.map((parameter) => parameter.ParameterValue)).toEqual(['%m <%p>', 'all']);
      const byCluster = await client.send(
        new DescribeDBClusterParametersCommand({
          DBClusterParameterGroupName: DBClusters[0]?.DBClusterParameterGroup,
        }),
      );
      expect(byCluster.Parameters).toEqual(byInstance.Parameters);
      await expect(client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'b' }))).rejects.toMatchObject({
        name: 'DBInstanceNotReadyFault',
        $metadata: { httpStatusCode: 400 },
      });
    });
  });

  it('names the field of fleet.json that is wrong', async () => {
    const root = await writeFleet({
      'fleet.json': '{"instances": {"a": {"engine": 7, "colour": "red"}}}',
      'a/x.log': '',
    });
    await expect(startSimulator({ root })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/instances\.a\.engine.*colour/),
    });
    await rm(root, { recursive: true });
  });

  it('pages instances by 20 and filters them', async () => {
    const files = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`db-${index}/x.log`, '']));
    await withSimulator(files, {}, async ({ client }) => {
      const pages: number[] = [];
      const ids = new Set<string>();
      for await (const page of paginateDescribeDBInstances({ client, pageSize: 20 }, {})) {
        pages.push(page.DBInstances?.length ?? 0);
        for (const instance of page.DBInstances ?? []) ids.add(instance.DBInstanceIdentifier ?? '');
      }
      expect(pages).toEqual([20, 20, 5]);
      expect(ids.size).toBe(45);
      await expect(client.send(new DescribeDBInstancesCommand({ MaxRecords: 19 }))).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
      const filtered = await client.send(
        new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-instance-id', Values: ['db-7', 'db-8'] }] }),
      );
      expect(filtered.DBInstances).toHaveLength(2);
      await expect(
        client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'db-99' })),
      ).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault', $metadata: { httpStatusCode: 404 } });
    });
  });

  it('refuses a folder it cannot read, an empty one, and a port in use', async () => {
    await expect(startSimulator({ root: join('/', 'no-such-folder') })).rejects.toMatchObject({
      code: 'FOLDER_UNREADABLE',
    });
    const root = await writeFleet({});
    await expect(startSimulator({ root })).rejects.toMatchObject({ code: 'FOLDER_UNREADABLE' });
    await writeFleetFile(root, 'a/x.log', '');
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const port = (other.address() as { port: number }).port;
    await expect(startSimulator({ root, port })).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
    other.close();
    await rm(root, { recursive: true });
  });
});

describe('DescribeDBLogFiles', () => {
  it('filters by name, time (inclusive) and size (larger than)', async () => {
    const files = { 'a/error/one.log': '12345', 'a/error/two.log': '123', 'a/audit/three.log': '' };
    await withSimulator(files, {}, async ({ client, root }) => {
      await utimes(join(root, 'a/error/one.log'), 1000, 1700000000.5);
      const list = async (filter: object) => {
        const answer = await client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'a', ...filter }));
        return answer.DescribeDBLogFiles?.map((file) => file.LogFileName);
      };
      expect(await list({})).toEqual(['audit/three.log', 'error/one.log', 'error/two.log']);
      expect(await list({ FilenameContains: 'error/' })).toEqual(['error/one.log', 'error/two.log']);
      expect(await list({ FileSize: 3 })).toEqual(['error/one.log']);
      expect(await list({ FileLastWritten: 1700000000501 })).toEqual(['audit/three.log', 'error/two.log']);
      expect(await list({ FileLastWritten: 1700000000500 })).toHaveLength(3);
      expect(await list({ FilenameContains: 'nothing' })).toEqual([]);
      const { DescribeDBLogFiles } = await client.send(
        new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'a', FilenameContains: 'one' }),
      );
      expect(DescribeDBLogFiles?.[0]).toEqual({ LogFileName: 'error/one.log', LastWritten: 1700000000500, Size: 5 });
    });
  });

  it('pages by the size it is told', async () => {
    const files = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`a/error/${index}.log`, '']));
    await withSimulator(files, { pageSize: 10 }, async ({ client }) => {
      const pages: number[] = [];
      for await (const page of paginateDescribeDBLogFiles({ client }, { DBInstanceIdentifier: 'a' })) {
        pages.push(page.DescribeDBLogFiles?.length ?? 0);
      }
      expect(pages).toEqual([10, 10, 5]);
    });
  });

  it('answers for instances only, not for clusters or paths', async () => {
    await withSimulator({ 'a-1/x.log': 'x' }, {}, async ({ client }) => {
      for (const DBInstanceIdentifier of ['a', '..', 'a-1/../a-1']) {
        await expect(client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier }))).rejects.toMatchObject({
          name: 'DBInstanceNotFoundFault',
        });
      }
      await expect(
        client.send(new DownloadDBLogFilePortionCommand({ DBInstanceIdentifier: 'a-1', LogFileName: '../fleet.json' })),
      ).rejects.toMatchObject({ name: 'DBLogFileNotFoundFault', $metadata: { httpStatusCode: 404 } });
    });
  });
});

describe('DownloadDBLogFilePortion', () => {
  it('follows a file by its markers while it grows', async () => {
    await withSimulator({ [`a/${ACTIVE}.2026-01-01.09`]: 'one\ntwo\nthr' }, {}, async ({ client, root }) => {
      const read = (Marker: string | undefined, NumberOfLines?: number) =>
        client.send(
          new DownloadDBLogFilePortionCommand({
            DBInstanceIdentifier: 'a',
            LogFileName: `${ACTIVE}.2026-01-01.09`,
            ...(Marker === undefined ? {} : { Marker }),
            ...(NumberOfLines === undefined ? {} : { NumberOfLines }),
          }),
        );
      expect(await read('0', 1)).toMatchObject({ LogFileData: 'one\n', Marker: '9:4', AdditionalDataPending: true });
      expect(await read('9:4')).toMatchObject({
        LogFileData: 'two\nthr',
        Marker: '9:11',
        AdditionalDataPending: false,
      });
      expect(await read('9:11')).toMatchObject({ LogFileData: '', Marker: '9:11', AdditionalDataPending: false });
      await appendFile(join(root, `a/${ACTIVE}.2026-01-01.09`), 'ee\n');
      expect(await read('9:11')).toMatchObject({ LogFileData: 'ee\n', Marker: '9:14' });
      expect(await read(undefined, 1)).toMatchObject({ LogFileData: 'three\n', Marker: '9:14' });
      expect(await read('10:99')).toMatchObject({ LogFileData: '', Marker: '10:99' });
      await expect(read('nonsense')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    });
  });

  it('puts the date into the markers of MySQL error logs', async () => {
    await withSimulator({ 'a/error/mysql-error-running.log.2026-01-01.07': 'x\n' }, {}, async ({ client }) => {
      const LogFileName = 'error/mysql-error-running.log.2026-01-01.07';
      const command = new DownloadDBLogFilePortionCommand({ DBInstanceIdentifier: 'a', LogFileName, Marker: '0' });
      expect((await client.send(command)).Marker).toBe('2026-01-01.7:2');
    });
  });

  it('cuts the line at 1 MiB, says so, and moves the marker behind the cut bytes', async () => {
    const file = `${'short\n'.repeat(10)}${'x'.repeat(2_000_000)}\nafter\n`;
    await withSimulator({ 'a/x.log': file }, {}, async ({ client }) => {
      const command = new DownloadDBLogFilePortionCommand({
        DBInstanceIdentifier: 'a',
        LogFileName: 'x.log',
        Marker: '0',
      });
      const cut = await client.send(command);
      expect(cut.LogFileData).toBe(`${file.slice(0, 1048576)}\n [Your log message was truncated]\n`);
      expect(cut.Marker?.split(':')[1]).toBe(String(2_000_061));
      expect(cut.AdditionalDataPending).toBe(true);
    });
    await withSimulator({ 'a/x.log': file }, { cutBytes: 'keep' }, async ({ client }) => {
      const command = new DownloadDBLogFilePortionCommand({
        DBInstanceIdentifier: 'a',
        LogFileName: 'x.log',
        Marker: '0',
      });
      expect((await client.send(command)).Marker?.split(':')[1]).toBe('1048576');
    });
  });

  it('refuses a window with a NUL byte and serves the one before it', async () => {
    await withSimulator({ 'a/x.log': 'fine\n\0\n' }, {}, async ({ client }) => {
      const read = (NumberOfLines: number) =>
        client.send(
          new DownloadDBLogFilePortionCommand({
            ...{ DBInstanceIdentifier: 'a', LogFileName: 'x.log', Marker: '0', NumberOfLines },
          }),
        );
      expect((await read(1)).LogFileData).toBe('fine\n');
      await expect(read(2)).rejects.toMatchObject({
        name: 'InvalidParameterValue',
        message: 'This file contains binary data and should be downloaded instead of viewed',
      });
    });
  });

  it('carries every byte but NUL through the XML', async () => {
    const file = Buffer.concat([EVERY_BYTE, Buffer.from('\r\n&amp;&#xD;<![CDATA[ ]]>\n'), EVERY_BYTE]);
    await withSimulator({ 'a/x.log': file }, {}, async ({ simulator }) => {
      const form = {
        ...{ Action: 'DownloadDBLogFilePortion', Version: '2014-10-31' },
        ...{ DBInstanceIdentifier: 'a', LogFileName: 'x.log', Marker: '0' },
      };
      const { body } = await signedRequest(`${simulator.url}/`, { form });
      expect(logFileData(body)?.equals(file)).toBe(true);
      expect(element(body, 'Marker')).toMatch(/^\d+:\d+$/);
    });
  });
});

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

describe('a folder that changes', () => {
  it('is seen as it is, with one generation per physical file', async () => {
    await withSimulator({ [`a/${ACTIVE}`]: 'first\n' }, {}, async ({ simulator, client, root }) => {
      const list = async () => {
        const answer = await client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'a' }));
        return answer.DescribeDBLogFiles?.map((file) => `${file.LogFileName} ${file.Size}`);
      };
      expect(await list()).toEqual([`${ACTIVE} 6`]);
      await rename(join(root, `a/${ACTIVE}`), join(root, `a/${ACTIVE}.2026-01-01.00`));
      await writeFleetFile(root, `a/${ACTIVE}`, 'second, longer\n');
      expect(await list()).toEqual([`${ACTIVE} 15`, `${ACTIVE}.2026-01-01.00 6`]);
      await rm(join(root, `a/${ACTIVE}.2026-01-01.00`));
      expect(await list()).toEqual([`${ACTIVE} 15`]);
      const { generations, totals } = await simulator.ledger();
      expect(generations.map((entry) => entry.names.map(({ name }) => name))).toEqual([
        [ACTIVE, `${ACTIVE}.2026-01-01.00`],
        [ACTIVE],
      ]);
      expect(generations[0]).toMatchObject({ size: 6, sha256: null, kind: 'slowquery', deletedAt: expect.any(Number) });
      expect(totals).toMatchObject({ instances: 1, generations: 2, bytes: 21, deleted: 1, growing: false });
    });
  });
});
