import { describe, expect, it } from '@jest/globals';
import type { FailureCode } from '../failure.ts';
import type { RdsLogSource } from './rds-log-source.ts';
import { type Answerer, sendError, sendResult } from './testing/canned-rds.ts';
import { collect, connect, fileName, instance, never, portionOf } from './testing/connected-source.ts';

describe('failures', () => {
  const table: [number, string, FailureCode, number][] = [
    [400, 'Throttling', 'UPSTREAM_THROTTLED', 3],
    [400, 'ThrottlingException', 'UPSTREAM_THROTTLED', 3],
    [503, 'RequestLimitExceeded', 'UPSTREAM_THROTTLED', 3],
    [500, 'InternalFailure', 'UPSTREAM_UNAVAILABLE', 3],
    [503, 'ServiceUnavailable', 'UPSTREAM_UNAVAILABLE', 3],
    [404, 'DBInstanceNotFound', 'INSTANCE_NOT_FOUND', 1],
    [400, 'DBInstanceNotReady', 'INSTANCE_NOT_READY', 1],
    [404, 'DBLogFileNotFoundFault', 'LOG_FILE_GONE', 1],
    [403, 'AccessDenied', 'ACCESS_DENIED', 1],
    [403, 'InvalidClientTokenId', 'CREDENTIALS_INVALID', 1],
    [403, 'SignatureDoesNotMatch', 'CREDENTIALS_INVALID', 1],
    [400, 'InvalidParameterValue', 'UPSTREAM_REFUSED', 1],
  ];
  const calls: [string, (log: RdsLogSource) => Promise<unknown>][] = [
    ['a list', (log) => log.files(instance, {}, never)],
    ['a portion', portionOf],
    ['a complete download', (log) => collect(log.whole(instance, fileName, never))],
  ];
  const cases = calls.flatMap(([what, call]) => table.map((row) => [what, ...row, call] as const));

  it.each(cases)(
    '%s answered %d %s fails with %s after %d attempts',
    async (_what, status, awsCode, code, attempts, call) => {
      const { log, server, events } = await connect((_request, response) => sendError(response, status, awsCode), {
        limits: { attempts: 3 },
      });
      await expect(call(log)).rejects.toMatchObject({ name: 'Failure', code });
      expect(server.seen).toHaveLength(attempts);
      expect(events.map((event) => event.outcome)).toEqual(Array(attempts).fill(code));
    },
  );

  it('tells binary data apart from other bad parameters', async () => {
    const message = 'This file contains binary data and should be downloaded instead of viewed';
    const { log } = await connect((_request, response) => sendError(response, 400, 'InvalidParameterValue', message));
    await expect(portionOf(log)).rejects.toMatchObject({ code: 'LOG_FILE_BINARY' });
  });

  it('names the IAM action that is missing', async () => {
    const { log } = await connect((_request, response) => sendError(response, 403, 'AccessDenied'));
    await expect(collect(log.whole(instance, fileName, never))).rejects.toThrow('rds:DownloadCompleteDBLogFile');
  });

  // Not for lists: under jest the SDK takes an error of Node for none, and hides its code.
  it.each(calls.slice(1))(
    '%s from an address where nobody listens fails with UPSTREAM_UNAVAILABLE',
    async (_what, call) => {
      const { log, server } = await connect(() => {}, { limits: { attempts: 2 } });
      await server.close();
      await expect(call(log)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    },
  );

  it('does not hide a bug', async () => {
    const credentials = async () => {
      throw new TypeError('a bug');
    };
    const { log } = await connect(() => {}, { credentials });
    await expect(portionOf(log)).rejects.toThrow(TypeError);
  });

  it.each(calls)('%s gets new credentials once when the old ones expired', async (_what, call) => {
    let tokens = 0;
    const credentials = async () => ({
      accessKeyId: `AKID${++tokens}`,
      secretAccessKey: 's',
      expiration: new Date(Date.now() + 3_600_000),
    });
    const expired: Answerer = (_request, response) => sendError(response, 403, 'ExpiredToken');
    const { log, server } = await connect(expired, { credentials });
    await expect(call(log)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
    expect(server.seen.map(({ headers }) => /AKID\d/.exec(headers.authorization ?? '')?.[0])).toEqual([
      'AKID1',
      'AKID2',
    ]);
  });

  it('goes on after a failure that passes', async () => {
    let calls = 0;
    const { log, events } = await connect((request, response) => {
      if (++calls < 3) sendError(response, 400, 'Throttling');
      else sendResult(response, request.action, '<LogFileData>&quot;ok&quot;</LogFileData>');
    });
    expect((await portionOf(log)).data.toString()).toBe('"ok"');
    expect(events).toMatchObject([
      { outcome: 'UPSTREAM_THROTTLED', bytes: 0 },
      { outcome: 'UPSTREAM_THROTTLED', bytes: 0 },
      { action: 'DownloadDBLogFilePortion', outcome: 'ok', bytes: 4 },
    ]);
  });
});

describe('parameters', () => {
  const answerGroups: Answerer = (request, response) => {
    const results: Record<string, string> = {
      DescribeDBClusters:
        '<DBClusters><DBCluster><DBClusterParameterGroup>cluster-group</DBClusterParameterGroup></DBCluster></DBClusters>',
      DescribeDBInstances:
        '<DBInstances><DBInstance><DBParameterGroups><DBParameterGroup><DBParameterGroupName>own-group' +
        '</DBParameterGroupName></DBParameterGroup></DBParameterGroups></DBInstance></DBInstances>',
      DescribeDBParameters:
        '<Parameters><Parameter><ParameterName>log_output</ParameterName><ParameterValue>TABLE</ParameterValue>' +
        '<Source>user</Source></Parameter></Parameters>',
    };
    const result = results[request.action];
    if (result === undefined) sendError(response, 403, 'AccessDenied');
    else sendResult(response, request.action, result);
  };

  it('are those that may be read', async () => {
    const { log, server } = await connect(answerGroups);
    await expect(log.parameters(instance, never)).resolves.toEqual({ log_output: 'TABLE' });
    const asked = server.seen.find(({ action }) => action === 'DescribeDBClusterParameters');
    expect(asked?.form.get('DBClusterParameterGroupName')).toBe('cluster-group');
  });

  it('are none where none may be read', async () => {
    const { log } = await connect((_request, response) => sendError(response, 403, 'AccessDenied'));
    await expect(log.parameters(instance, never)).resolves.toEqual({});
  });

  it('fail with what is no matter of permissions', async () => {
    const { log } = await connect((_request, response) => sendError(response, 404, 'DBClusterNotFoundFault'));
    await expect(log.parameters(instance, never)).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
  });
});
