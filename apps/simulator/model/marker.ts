import type { Segment } from './generation.ts';
import { RdsError } from './rds-error.ts';

const MARKER = /^(?:\d{4}-\d\d-\d\d\.)?\d{1,2}:(\d{1,16})$/;

/**
 * The byte offset that a marker asks for: 0 for '0', else the number after the colon of `[YYYY-MM-DD.]H:OFFSET`.
 * The hour is not looked at: the file is found by its name alone. That is what the field reports of RDS: after a
 * rotation the same name and marker point into another file.
 * Anything else is an InvalidParameterValue.
 */
export function markerOffset(marker: string): number {
  if (marker === '0') return 0;
  const offset = MARKER.exec(marker)?.[1];
  if (offset === undefined) {
    throw new RdsError('InvalidParameterValue', `Marker ${marker} is not 0 and not [YYYY-MM-DD.]HOUR:OFFSET.`);
  }
  return Number(offset);
}

/** The marker behind `offset`: `9:326043`; for MySQL error logs with the date, `2024-01-04.9:0`. */
export function formatMarker(fileName: string, segment: Segment, offset: number): string {
  const hour = `${segment.hour}:${offset}`;
  return fileName.startsWith('error/mysql-error') ? `${segment.date}.${hour}` : hour;
}
