/**
 * Every error that the RDS log API answers with: code on the wire and HTTP status.
 * Source: the API model of RDS (version 2014-10-31) and answers seen in the field.
 */
export const RDS_ERRORS = {
  DBClusterNotFoundFault: 404,
  DBInstanceNotFound: 404,
  DBInstanceNotReady: 400,
  DBLogFileNotFoundFault: 404,
  DBParameterGroupNotFound: 404,
  IncompleteSignature: 400,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  InvalidParameterValue: 400,
  MissingAuthenticationToken: 403,
  MissingParameter: 400,
  RequestEntityTooLarge: 413,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  Throttling: 400,
} as const satisfies Record<string, number>;

export type RdsErrorCode = keyof typeof RDS_ERRORS;

/** An answer of the simulated RDS that is an error: a result, not a failure of the simulator. */
export class RdsError extends Error {
  readonly code: RdsErrorCode;

  constructor(code: RdsErrorCode, message: string) {
    super(message);
    this.name = 'RdsError';
    this.code = code;
  }

  get httpStatus(): number {
    return RDS_ERRORS[this.code];
  }
}
