import { isNativeError } from 'node:util/types';
import { Failure, isFailure } from '../failure.ts';

const DENIED = new Set(['AccessDeniedException', 'KMSAccessDeniedException']);
const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);
/** Our own request was wrong: nothing in the environment can cure it. */
const BUGS = new Set(['ValidationException', 'SerializationException', 'ItemCollectionSizeLimitExceededException']);

/** What to throw for an error of the DynamoDB client while `doing` something; bugs come back as they are. */
export function dynamoFailure(error: unknown, doing: string): unknown {
  if (!isNativeError(error) || isFailure(error) || BUGS.has(error.name)) return error;
  const options = { cause: error, details: { cause: error.name } };
  if (DENIED.has(error.name)) {
    return new Failure('ACCESS_DENIED', `DynamoDB refused to ${doing}: ${error.message}. Check the role.`, options);
  }
  if (CREDENTIALS.has(error.name)) {
    return new Failure('CREDENTIALS_INVALID', `DynamoDB did not accept the credentials to ${doing}: ${error.message}`, {
      ...options,
    });
  }
  if (error.name === 'ResourceNotFoundException') {
    return new Failure('CONFIG_INVALID', `A table is missing to ${doing}. Check ENVIRONMENT and the region.`, options);
  }
  // Client-side programming errors have neither of these; the SDK marks whatever came from the service or the socket.
  if (!('$metadata' in error) && !('code' in error)) return error;
  return new Failure('POSITIONS_UNAVAILABLE', `DynamoDB could not ${doing}: ${error.message}`, options);
}
