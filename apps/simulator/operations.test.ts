import { appendFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DescribeDBLogFilesCommand,
  DownloadDBLogFilePortionCommand,
  paginateDescribeDBLogFiles,
} from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import { element, logFileData, signedRequest, withSimulator } from './testing/simulated-fleet.ts';

const ACTIVE = 'slowquery/mysql-slowquery.log';
const EVERY_BYTE = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));

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
