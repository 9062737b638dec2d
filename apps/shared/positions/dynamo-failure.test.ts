import { describe, expect, it } from '@jest/globals';
import { Failure } from '../failure.ts';
import { dynamoFailure } from './dynamo-failure.ts';

/** As the SDK throws what the service answered. */
const answered = (name: string) => Object.assign(new Error(`${name} happened`), { name, $metadata: {} });

describe('an error of DynamoDB', () => {
  it.each([
    ['AccessDeniedException', 'ACCESS_DENIED', false],
    ['KMSAccessDeniedException', 'ACCESS_DENIED', false],
    ['ExpiredTokenException', 'CREDENTIALS_INVALID', false],
    ['UnrecognizedClientException', 'CREDENTIALS_INVALID', false],
    ['ResourceNotFoundException', 'CONFIG_INVALID', false],
    ['ProvisionedThroughputExceededException', 'POSITIONS_UNAVAILABLE', true],
    ['InternalServerError', 'POSITIONS_UNAVAILABLE', true],
  ])('%s is %s', (name, code, retryable) => {
    const cause = answered(name);
    expect(dynamoFailure(cause, 'read the table')).toMatchObject({ code, retryable, cause });
  });

  it('of the socket is to be tried again', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(dynamoFailure(refused, 'read the table')).toMatchObject({
      code: 'POSITIONS_UNAVAILABLE',
      message: 'DynamoDB could not read the table: connect ECONNREFUSED',
    });
  });

  it.each([
    answered('ValidationException'),
    new TypeError('undefined is not a function'),
    new Failure('STATE_FULL', 'full'),
  ])('that is a bug, or a failure already, stays what it is: %s', (error) => {
    expect(dynamoFailure(error, 'read the table')).toBe(error);
  });
});
