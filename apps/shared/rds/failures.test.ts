import { describe, expect, it } from '@jest/globals';
import { Failure, isFailure } from '../failure.ts';
import type { RdsCall } from './call.ts';
import { AwsErrorResponse, toFailure } from './failures.ts';

const call: RdsCall = {
  action: 'DownloadDBLogFilePortion',
  region: 'eu-west-1',
  instanceId: 'db-1',
  fileName: 'error/x',
};

describe('toFailure', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'HPE_INVALID_CONSTANT',
    'CERT_HAS_EXPIRED',
    'Z_BUF_ERROR',
  ])('takes %s for the network, with the error as cause', (code) => {
    const error = Object.assign(new Error('connect failed'), { code });
    expect(toFailure(error, call)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', cause: error, retryable: true });
  });

  it.each([
    [200, 'UPSTREAM_UNAVAILABLE'],
    [418, 'UPSTREAM_REFUSED'],
    [429, 'UPSTREAM_THROTTLED'],
    [502, 'UPSTREAM_UNAVAILABLE'],
  ])('judges an unknown code by the status %d: %s', (status, code) => {
    expect(toFailure(new AwsErrorResponse('Unheard', 'of', status), call)).toMatchObject({ code });
  });

  it('says what, which thing and what to do, and keeps what AWS said', () => {
    const failure = toFailure(new AwsErrorResponse('AccessDenied', 'User x is not authorized', 403), call);
    expect((failure as Failure).message).toBe(
      'AWS does not allow rds:DownloadDBLogFilePortion for log file error/x of instance db-1. ' +
        'Allow that IAM action to the role in use. (AccessDenied: User x is not authorized)',
    );
    expect((failure as Failure).details).toEqual({ ...call, awsCode: 'AccessDenied', httpStatus: 403 });
  });

  it('takes missing credentials for invalid ones', () => {
    const error = Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });
    expect(toFailure(error, call)).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  });

  it('gives back what it does not know', () => {
    for (const unknown of [new TypeError('x is not a function'), new Failure('USAGE', 'x'), 'text', undefined]) {
      expect(toFailure(unknown, call)).toBe(unknown);
    }
    expect(isFailure(toFailure(Object.assign(new Error(), { code: 'ERR_INVALID_ARG_TYPE' }), call))).toBe(false);
  });
});
