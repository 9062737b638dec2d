import { type FailureCode, isFailure } from '../../shared/failure.ts';

/** What is true for every file alike, so that working on would only say it once per file. */
const TRUE_FOR_ALL: readonly FailureCode[] = [
  'ARCHIVE_FULL',
  'SINK_FULL',
  'STATE_FULL',
  'STATE_CORRUPT',
  'CREDENTIALS_INVALID',
];

/** Whether a run cannot go on after this: a failure that every file would meet, or a bug. */
export function endsRun(error: unknown): boolean {
  return !isFailure(error) || isFailure(error, ...TRUE_FOR_ALL);
}
