import { Failure, type FailureCode, isFailure } from '../failure.ts';

/** What the SDK throws, as far as it matters; errors of the network have a `code` and no `$metadata`. */
interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const status = (error: unknown) => (error as SdkError)?.$metadata?.httpStatusCode;
const nameOf = (error: unknown) => (error as SdkError)?.name ?? '';

/** Error codes of S3: "Error responses", Amazon S3 API Reference. */
const CODES: Readonly<Record<string, readonly [FailureCode, advice: string]>> = {
  NoSuchBucket: ['NOT_FOUND', 'There is no such bucket. Check its name, and the account of the credentials.'],
  InvalidBucketName: ['CONFIG_INVALID', 'This is no name of a bucket.'],
  PermanentRedirect: ['CONFIG_INVALID', 'The bucket is in another region. Set AWS_REGION to the region of the bucket.'],
  AuthorizationHeaderMalformed: ['CONFIG_INVALID', 'Set AWS_REGION to the region of the bucket.'],
  InvalidAccessKeyId: ['CREDENTIALS_INVALID', 'The access key is not known to AWS.'],
  SignatureDoesNotMatch: ['CREDENTIALS_INVALID', 'The secret key does not belong to the access key.'],
  ExpiredToken: ['CREDENTIALS_INVALID', 'The session has expired. Sign in again.'],
  InvalidToken: ['CREDENTIALS_INVALID', 'The session token is not valid. Sign in again.'],
  CredentialsProviderError: ['CREDENTIALS_INVALID', 'No AWS credentials were found. Sign in, or set AWS_PROFILE.'],
  InvalidObjectState: ['ACCESS_DENIED', 'The object is in a storage class that has to be restored before it is read.'],
};

const TRANSIENT_NAMES = new Set(['TimeoutError', 'AbortError', 'SlowDown', 'RequestTimeout', 'PreconditionFailed']);
const TRANSIENT_STATUS = new Set([408, 409, 429]);

/** Another writer's object is there. A 200 that says so in its body is uncertain instead. */
export function isPreconditionFailed(error: unknown): boolean {
  return status(error) === 412;
}

/** There is no such object (and not: no such bucket). */
export function isMissing(error: unknown): boolean {
  return status(error) === 404 && nameOf(error) !== 'NoSuchBucket';
}

/** Whether the same call may succeed, or may already have: timeouts, lost connections, throttling, conflicts, 5xx. */
export function isUncertain(error: unknown): boolean {
  const code = status(error);
  if (nameOf(error) in CODES) return false;
  if (TRANSIENT_NAMES.has(nameOf(error))) return true;
  // Metadata without a status: the SDK sent the request and nothing came back.
  if (code === undefined)
    return typeof (error as SdkError)?.code === 'string' || (error as SdkError)?.$metadata !== undefined;
  return code >= 500 || TRANSIENT_STATUS.has(code);
}

/** What an error of S3 means for the object or listing `what`; what cannot come from outside is passed through. */
export function s3Failure(what: string, error: unknown): unknown {
  if (isFailure(error)) return error;
  const { message = '' } = error as SdkError;
  const because = { cause: error };
  const [code, advice] = CODES[nameOf(error)] ?? [];
  if (code !== undefined) return new Failure(code, `S3 did not serve ${what} (${message}). ${advice}`, because);
  if (message === 'Region is missing') {
    return new Failure(
      'CONFIG_INVALID',
      `No region is set for ${what}. Set AWS_REGION to that of the bucket.`,
      because,
    );
  }
  if (isUncertain(error)) {
    return new Failure(
      'ARCHIVE_UNAVAILABLE',
      `S3 did not serve ${what} (${nameOf(error)}: ${message}). Check the network and the endpoint; it may be tried again.`,
      because,
    );
  }
  if (status(error) === 403 || nameOf(error).startsWith('KMS.')) {
    const advised = `Give this identity s3:GetObject, s3:PutObject and s3:ListBucket on the bucket, and the use of its key.`;
    return new Failure('ACCESS_DENIED', `S3 denied ${what} (${message}). ${advised}`, because);
  }
  return error;
}
