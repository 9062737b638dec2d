import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../ports/clock.ts';
import { sendError, sendResult } from './testing/canned-rds.ts';
import { collect, connect, fileName, instance, never, portionOf } from './testing/connected-source.ts';

describe('portion', () => {
  it.each<[string, (string | Buffer)[], { data: string | Buffer; marker: string | undefined; pending: boolean }]>([
    [
      'keeps CR LF',
      [
        '<LogFileData>a\r\nb\rc\n</LogFileData><Marker>12:1234</Marker><AdditionalDataPending>true</AdditionalDataPending>',
      ],
      { data: 'a\r\nb\rc\n', marker: '12:1234', pending: true },
    ],
    [
      'reads escaped CR LF',
      ['<LogFileData>&#13;&#10;&#xD;</LogFileData>'],
      { data: '\r\n\r', marker: undefined, pending: false },
    ],
    [
      'keeps a portion of newlines',
      ['<LogFileData>\n\n  \n</LogFileData>'],
      { data: '\n\n  \n', marker: undefined, pending: false },
    ],
    ['takes a missing LogFileData as no bytes', ['<Marker></Marker>'], { data: '', marker: '', pending: false }],
    ['takes an empty LogFileData as no bytes', ['<LogFileData/><Marker/>'], { data: '', marker: '', pending: false }],
    [
      'leaves HTML entities',
      ['<LogFileData>&nbsp;&amp;nbsp;&bogus;€</LogFileData>'],
      { data: '&nbsp;&nbsp;&bogus;€', marker: undefined, pending: false },
    ],
    [
      'reads references beyond 16 bits',
      ['<LogFileData>&#x1F600;&#128512;😀</LogFileData>'],
      { data: '😀😀😀', marker: undefined, pending: false },
    ],
    [
      'keeps control characters and bytes that are no UTF-8',
      ['<LogFileData>', Buffer.from([0, 1, 0xff, 0xfe, 0xc3]), '&#0;</LogFileData>'],
      { data: Buffer.from([0, 1, 0xff, 0xfe, 0xc3, 0]), marker: undefined, pending: false },
    ],
    [
      'is not misled by markup inside a CDATA section',
      ['<LogFileData>x<![CDATA[<Marker>9:9</Marker></LogFileData>&lt;]]>y</LogFileData><Marker>1:2</Marker>'],
      { data: 'x<Marker>9:9</Marker></LogFileData>&lt;y', marker: '1:2', pending: false },
    ],
    [
      'finds the marker before the data, and not inside it',
      ['<Marker>3:4</Marker><LogFileData>&lt;Marker&gt;9:9&lt;/Marker&gt;</LogFileData>'],
      { data: '<Marker>9:9</Marker>', marker: '3:4', pending: false },
    ],
  ])('%s', async (_name, inner, { data, ...rest }) => {
    const { log } = await connect((request, response) => sendResult(response, request.action, ...inner));
    const portion = await portionOf(log);
    expect(portion.data).toEqual(Buffer.from(data));
    expect({ marker: portion.marker, pending: portion.pending }).toEqual(rest);
  });

  it('asks in the query protocol, signed for rds', async () => {
    const { log, server } = await connect((request, response) => sendResult(response, request.action));
    await portionOf(log);
    await log.portion(instance, { fileName, lines: 7 }, never);
    const [first, second] = server.seen;
    expect(Object.fromEntries(first?.form ?? [])).toEqual({
      Action: 'DownloadDBLogFilePortion',
      Version: '2014-10-31',
      DBInstanceIdentifier: 'orders-1',
      LogFileName: fileName,
      NumberOfLines: '100',
      Marker: '0',
    });
    expect(second?.form.has('Marker')).toBe(false);
    expect(first?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/rds\/aws4_request/,
    );
  });

  it('uses a connection again, also after an error', async () => {
    let calls = 0;
    const { log, server } = await connect((request, response) => {
      if (++calls === 2) sendError(response, 404, 'DBLogFileNotFoundFault');
      else sendResult(response, request.action, `<LogFileData>${'x'.repeat(300_000)}</LogFileData>`);
    });
    await portionOf(log);
    await expect(portionOf(log)).rejects.toMatchObject({ code: 'LOG_FILE_GONE' });
    await portionOf(log);
    expect(new Set(server.seen.map(({ remotePort }) => remotePort)).size).toBe(1);
  });

  it('reads one portion of an instance at a time', async () => {
    let open = 0;
    let most = 0;
    const { log } = await connect((request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        sendResult(response, request.action);
      }, 20);
    });
    await Promise.all([portionOf(log), portionOf(log), portionOf(log)]);
    expect(most).toBe(1);
  });

  it('refuses an answer that is longer than its limit', async () => {
    const { log } = await connect((request, response) => sendResult(response, request.action, 'x'.repeat(5000)), {
      limits: { answerBytes: 4096, attempts: 1 },
    });
    await expect(portionOf(log)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it.each([
    ['is HTML', '<html>502</html>'],
    ['is cut off', '<DownloadDBLogFilePortionResponse><DownloadDBLogFilePortionResult><LogFileData>abc'],
  ])('does not take an answer for a portion that %s', async (_name, body) => {
    const { log } = await connect((_request, response) => response.end(body), { limits: { attempts: 1 } });
    await expect(portionOf(log)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('gives up after the time limit and says so', async () => {
    const { log, server } = await connect(() => {}, { limits: { portionTimeoutMs: 30, attempts: 2 } });
    await expect(portionOf(log)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining('No answer within 0.03 s'),
    });
    expect(server.seen).toHaveLength(2);
  });

  it('throws the reason of the signal when that fires, and closes the connection', async () => {
    const stop = new AbortController();
    let closed: Promise<unknown> | undefined;
    const { log, events } = await connect((_request, response) => {
      closed = once(response, 'close');
      stop.abort(new Error('enough'));
    });
    await expect(log.portion(instance, { fileName, lines: 1 }, stop.signal)).rejects.toThrow('enough');
    await closed;
    expect(events).toMatchObject([{ outcome: 'stopped' }]);
  });
});

describe('whole', () => {
  const log100 = Buffer.from('# Time: 2026-01-01T00:00:00\r\n"quoted" & <raw>\n'.repeat(10_000));

  it.each(['gzip', 'identity'] as const)(
    'delivers the bytes of the file in large chunks (%s)',
    async (downloadEncoding) => {
      const { log, server, events } = await connect(
        ({ headers }, response) => {
          const gzip = headers['accept-encoding'] === 'gzip';
          response.writeHead(200, gzip ? { 'content-encoding': 'gzip' } : {});
          response.end(gzip ? gzipSync(log100) : log100);
        },
        { downloadEncoding },
      );
      const sizes: number[] = [];
      const chunks: Buffer[] = [];
      for await (const chunk of log.whole(instance, 'error/a b+c.log', never)) {
        sizes.push(chunk.length);
        chunks.push(chunk);
      }
      expect(Buffer.concat(chunks).equals(log100)).toBe(true);
      expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(64 * 1024);
      expect(server.seen[0]?.headers['accept-encoding']).toBe(downloadEncoding);
      expect(server.seen[0]?.action).toBe('/v13/downloadCompleteLogFile/orders-1/error/a%20b%2Bc.log');
      expect(events).toMatchObject([{ action: 'DownloadCompleteDBLogFile', outcome: 'ok', bytes: log100.length }]);
    },
  );

  it.each(['gzip', 'identity'] as const)('uses a connection again (%s)', async (downloadEncoding) => {
    const { log, server } = await connect(
      (_request, response) => {
        if (downloadEncoding === 'gzip') response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(downloadEncoding === 'gzip' ? gzipSync(log100) : log100);
      },
      { downloadEncoding },
    );
    for (let i = 0; i < 3; i++) await collect(log.whole(instance, fileName, never));
    expect(new Set(server.seen.map(({ remotePort }) => remotePort)).size).toBe(1);
  });

  it('asks for no compression over loopback unless told to', async () => {
    const { log, server } = await connect((_request, response) => response.end());
    expect(await collect(log.whole(instance, fileName, never))).toHaveLength(0);
    expect(server.seen[0]?.headers['accept-encoding']).toBe('identity');
  });

  const breaks: [string, (response: ServerResponse) => void][] = [
    [
      'closes early',
      (response) => response.writeHead(200, { 'content-length': 1000 }).write('half', () => response.destroy()),
    ],
    ['closes early in chunked encoding', (response) => response.writeHead(200).write('half', () => response.destroy())],
    [
      'ends its gzip early',
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(log100).subarray(0, 500)),
    ],
    [
      'sends a broken gzip',
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip at all'),
    ],
    ['falls silent', (response) => response.writeHead(200).write('half')],
    [
      'falls silent in gzip',
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).write(gzipSync(log100).subarray(0, 500)),
    ],
  ];
  it.each(breaks)('fails with UPSTREAM_UNAVAILABLE where the server %s', async (_name, answer) => {
    const { log, server, events } = await connect((_request, response) => answer(response), {
      limits: { wholeIdleTimeoutMs: 100 },
    });
    await expect(collect(log.whole(instance, fileName, never))).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(server.seen).toHaveLength(1);
    expect(events).toMatchObject([{ outcome: 'UPSTREAM_UNAVAILABLE' }]);
  });

  it('does not hold the slowness of the reader against the server', async () => {
    const { log } = await connect((_request, response) => response.end(log100), { limits: { wholeIdleTimeoutMs: 30 } });
    let bytes = 0;
    for await (const chunk of log.whole(instance, fileName, never)) {
      if (bytes === 0) await systemClock.sleep(100);
      bytes += chunk.length;
    }
    expect(bytes).toBe(log100.length);
  });

  it.each(['gzip', 'identity'] as const)(
    'closes the connection when the reader leaves (%s)',
    async (downloadEncoding) => {
      let closed: Promise<unknown> | undefined;
      const { log, events } = await connect(
        (_request, response) => {
          closed = once(response, 'close');
          if (downloadEncoding === 'gzip') response.writeHead(200, { 'content-encoding': 'gzip' });
          // The answer never ends.
          response.write(downloadEncoding === 'gzip' ? gzipSync(log100) : log100);
        },
        { downloadEncoding },
      );
      for await (const _chunk of log.whole(instance, fileName, never)) break;
      await closed;
      expect(events).toMatchObject([{ outcome: 'stopped' }]);
    },
  );

  it('throws the reason of the signal when that fires in the middle', async () => {
    const stop = new AbortController();
    const { log } = await connect((_request, response) => response.write(log100));
    const reading = (async () => {
      for await (const _chunk of log.whole(instance, fileName, stop.signal)) stop.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
  });
});
