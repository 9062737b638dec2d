/**
 * Every way in which the environment can fail us, and what it means for the caller.
 * `retryable`: the same call may succeed later. `exitCode`: what the command line answers when it ends a command
 * (`aurora-logs --help` prints the table).
 */
export const FAILURES = {
  USAGE: { retryable: false, exitCode: 2 },
  CONFIG_INVALID: { retryable: false, exitCode: 2 },
  NOT_FOUND: { retryable: false, exitCode: 10 },
  INSTANCE_NOT_FOUND: { retryable: false, exitCode: 10 },
  STATE_LOCKED: { retryable: false, exitCode: 11 },
  ACCESS_DENIED: { retryable: false, exitCode: 12 },
  CREDENTIALS_INVALID: { retryable: false, exitCode: 12 },
  UPSTREAM_THROTTLED: { retryable: true, exitCode: 13 },
  UPSTREAM_UNAVAILABLE: { retryable: true, exitCode: 13 },
  UPSTREAM_REFUSED: { retryable: false, exitCode: 18 },
  INSTANCE_NOT_READY: { retryable: true, exitCode: 13 },
  LOG_FILE_GONE: { retryable: false, exitCode: 10 },
  LOG_FILE_BINARY: { retryable: false, exitCode: 1 },
  ARCHIVE_UNAVAILABLE: { retryable: true, exitCode: 13 },
  ARCHIVE_CORRUPT: { retryable: false, exitCode: 14 },
  ARCHIVE_FULL: { retryable: false, exitCode: 15 },
  POSITIONS_UNAVAILABLE: { retryable: true, exitCode: 13 },
  STATE_FULL: { retryable: false, exitCode: 15 },
  STATE_CORRUPT: { retryable: false, exitCode: 14 },
  SINK_UNAVAILABLE: { retryable: true, exitCode: 13 },
  SINK_FULL: { retryable: false, exitCode: 15 },
  OUTPUT_FAILED: { retryable: false, exitCode: 15 },
  ADDRESS_IN_USE: { retryable: false, exitCode: 16 },
  FOLDER_UNREADABLE: { retryable: false, exitCode: 17 },
} as const satisfies Record<string, { retryable: boolean; exitCode: number }>;

export type FailureCode = keyof typeof FAILURES;

/**
 * An expected failure. The message says what, which thing and what to do; `details` are fields for logs and JSON.
 * Anything thrown that is not a Failure is a bug and must end the process.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.details = options.details ?? {};
  }

  get retryable(): boolean {
    return FAILURES[this.code].retryable;
  }
}

/** Whether `error` is a Failure, with one of the codes where some are given. */
export function isFailure(error: unknown, ...codes: FailureCode[]): error is Failure {
  return error instanceof Failure && (codes.length === 0 || codes.includes(error.code));
}
