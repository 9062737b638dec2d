import { isNativeError } from 'node:util/types';
import { Failure, type FailureCode, isFailure } from '../failure.ts';
import { type RdsCall, subjectOf } from './call.ts';

/** An error that AWS answered on our own byte path, in the shape that the SDK gives to its errors. */
export class AwsErrorResponse extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(code: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = code;
    this.$metadata = { httpStatusCode };
  }
}

/** A call that took longer than its limit, or an answer that broke off or made no sense. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/**
 * Meaning of AWS error codes, without the suffix Fault or Exception that some answers add. Sources: "Common errors"
 * and the error lists of each action in the Amazon RDS API Reference; `Throttling` is what RDS really sends where
 * the reference prints `ThrottlingException`.
 */
const MEANING: Readonly<Record<string, FailureCode>> = {
  Throttling: 'UPSTREAM_THROTTLED',
  Throttled: 'UPSTREAM_THROTTLED',
  RequestThrottled: 'UPSTREAM_THROTTLED',
  RequestLimitExceeded: 'UPSTREAM_THROTTLED',
  TooManyRequests: 'UPSTREAM_THROTTLED',
  SlowDown: 'UPSTREAM_THROTTLED',
  InternalFailure: 'UPSTREAM_UNAVAILABLE',
  InternalError: 'UPSTREAM_UNAVAILABLE',
  ServiceUnavailable: 'UPSTREAM_UNAVAILABLE',
  RequestTimeout: 'UPSTREAM_UNAVAILABLE',
  DBInstanceNotFound: 'INSTANCE_NOT_FOUND',
  DBInstanceNotReady: 'INSTANCE_NOT_READY',
  InvalidDBInstanceState: 'INSTANCE_NOT_READY',
  DBLogFileNotFound: 'LOG_FILE_GONE',
  AccessDenied: 'ACCESS_DENIED',
  UnauthorizedOperation: 'ACCESS_DENIED',
  NotAuthorized: 'ACCESS_DENIED',
  OptInRequired: 'ACCESS_DENIED',
  InvalidClientTokenId: 'CREDENTIALS_INVALID',
  UnrecognizedClient: 'CREDENTIALS_INVALID',
  SignatureDoesNotMatch: 'CREDENTIALS_INVALID',
  InvalidSignature: 'CREDENTIALS_INVALID',
  IncompleteSignature: 'CREDENTIALS_INVALID',
  MissingAuthenticationToken: 'CREDENTIALS_INVALID',
  InvalidAccessKeyId: 'CREDENTIALS_INVALID',
  RequestExpired: 'CREDENTIALS_INVALID',
  ExpiredToken: 'CREDENTIALS_INVALID',
  CredentialsProviderError: 'CREDENTIALS_INVALID',
  TokenProviderError: 'CREDENTIALS_INVALID',
};

/** Error codes of Node's sockets, TLS, HTTP parser and zlib: the connection's fault, not ours. */
const NETWORK_ERROR =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_\w+|EPROTO|HPE_\w+|ERR_(TLS|SSL)_\w+|ERR_STREAM_PREMATURE_CLOSE|CERT_\w+|DEPTH_ZERO\w+|SELF_SIGNED\w+|UNABLE_TO_\w+|Z_\w+_ERROR)$/;

/** Whether new credentials may help: temporary ones ran out between our look and the server's. */
export function isExpiredToken(error: unknown): boolean {
  return isNativeError(error) && /^(ExpiredToken(Exception)?|RequestExpired)$/.test(error.name);
}

/** The one translation of whatever a call threw. What it does not know is a bug and comes back as it is. */
export function toFailure(error: unknown, call: RdsCall): unknown {
  if (!isNativeError(error) || isFailure(error)) return error;
  const code = meaningOf(error);
  if (code === undefined) return error;
  return new Failure(code, messageFor(code, call, error), {
    cause: error,
    details: { ...call, awsCode: error.name, httpStatus: httpStatusOf(error) },
  });
}

function meaningOf(error: Error): FailureCode | undefined {
  const known = MEANING[error.name.replace(/(Fault|Exception)$/, '')];
  if (known !== undefined) return known;
  if (error.name === 'InvalidParameterValue' && error.message.includes('binary data')) return 'LOG_FILE_BINARY';
  const status = httpStatusOf(error);
  if (status !== undefined) return meaningOfStatus(status);
  const network = error instanceof TransportError || NETWORK_ERROR.test(String((error as NodeJS.ErrnoException).code));
  return network ? 'UPSTREAM_UNAVAILABLE' : undefined;
}

function meaningOfStatus(status: number): FailureCode {
  if (status === 429) return 'UPSTREAM_THROTTLED';
  // Under 400 there was an answer that could not be read, such as a proxy's page.
  return status >= 500 || status < 400 ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_REFUSED';
}

function httpStatusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function messageFor(code: FailureCode, call: RdsCall, error: Error): string {
  const said = `${error.name}: ${error.message}`;
  const subject = subjectOf(call);
  switch (code) {
    case 'UPSTREAM_THROTTLED':
      return `RDS throttles rds:${call.action} for ${subject}: the account's quota of calls in ${call.region} is used up. The rate adapts by itself; if this stays, ask AWS Support for a higher quota. (${said})`;
    case 'INSTANCE_NOT_FOUND':
      return `RDS knows no instance ${call.instanceId} in ${call.region}. Check the name (an instance, not its cluster) and the region. (${said})`;
    case 'INSTANCE_NOT_READY':
      return `Instance ${call.instanceId} cannot be read now: it is paused or changing its state. It is tried again when it is available. (${said})`;
    case 'LOG_FILE_GONE':
      return `The ${subject} is not there: rotated, or deleted by RDS. List the files again. (${said})`;
    case 'LOG_FILE_BINARY':
      return `The ${subject} has binary data and is not served in portions. Download it complete. (${said})`;
    case 'ACCESS_DENIED':
      return `AWS does not allow rds:${call.action} for ${subject}. Allow that IAM action to the role in use. (${said})`;
    case 'CREDENTIALS_INVALID':
      return `AWS does not accept the credentials in use. Check the profile, the environment variables or the role, and that the machine's clock is right. (${said})`;
    case 'UPSTREAM_REFUSED':
      return `RDS refuses rds:${call.action} for ${subject}. (${said})`;
    default:
      return `RDS does not answer rds:${call.action} for ${subject}. Check the network and the endpoint; it is tried again. (${said})`;
  }
}
