/**
 * Why a record is raw: the closed set of words in `parse_reason`, and what each means.
 * A raw record has its text in `body`, and keeps the time of the record before it where it has none of its own.
 */
export const PARSE_REASONS = {
  no_parser: 'No parser exists for this kind of log; one record per line.',
  file_header: 'The lines that a MySQL server writes when it opens a log file.',
  blank: 'Nothing but blank lines.',
  no_header: 'Text where the header of a slow log entry was expected, such as the rest of a cut statement.',
  incomplete_header: 'A slow log entry without Query_time.',
  prefix_mismatch: 'A line that neither fits log_line_prefix nor continues a message.',
  unknown_time_zone: 'A PostgreSQL line in a time zone that has no known offset; its time was read as UTC.',
} as const;

export type ParseReason = keyof typeof PARSE_REASONS;
