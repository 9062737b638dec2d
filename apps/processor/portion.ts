import type { Portion } from '../shared/ports/log-source.ts';

/**
 * What RDS puts in where the 1 MiB cap cuts a line (aws-cli#3079, aws-sdk#20). Log text may end with the same words,
 * so its presence alone proves nothing.
 */
export const TRUNCATION_NOTICE = Buffer.from('\n [Your log message was truncated]\n');

/** A marker that carries an offset: `[YYYY-MM-DD.]H:OFFSET`. The part before the colon names the segment. */
export interface OffsetMarker {
  readonly segment: string;
  readonly offset: number;
}

/** The offset in a marker; undefined for '', '0' and anything else that carries none. */
export function parseMarker(marker: string | undefined): OffsetMarker | undefined {
  const match = /^((?:\d{4}-\d{2}-\d{2}\.)?\d{1,2}):(\d{1,16})$/.exec(marker ?? '');
  return match ? { segment: match[1]!, offset: Number(match[2]) } : undefined;
}

export type Verdict =
  /** The bytes are the file's bytes [offset, offset + data.length), and `marker` goes on right behind them. */
  | { readonly kind: 'proven'; readonly data: Buffer; readonly marker: OffsetMarker }
  /** No bytes. Not the end of the file: only that nothing came. */
  | { readonly kind: 'empty' }
  /** The arithmetic does not prove the bytes: ask for fewer lines, or read the file whole. */
  | { readonly kind: 'doubtful'; readonly why: string };

/**
 * Whether a portion that was asked for at `offset` is exactly the bytes its marker says.
 * Two readings of the API are safe here: that the marker points behind the delivered bytes, and that it jumps over the
 * bytes which the cap cut off. Under the second, continuing after a notice would lose them, so a notice is stripped only
 * where the arithmetic says that nothing was skipped.
 */
export function judgePortion(offset: number, portion: Portion): Verdict {
  if (portion.data.length === 0) return { kind: 'empty' };
  const marker = parseMarker(portion.marker);
  if (!marker) return { kind: 'doubtful', why: `marker ${JSON.stringify(portion.marker ?? '')} carries no offset` };
  const advanced = marker.offset - offset;
  if (!endsWithNotice(portion.data)) {
    if (portion.data.length === advanced) return { kind: 'proven', data: portion.data, marker };
    return { kind: 'doubtful', why: `${portion.data.length} bytes came, the marker advanced by ${advanced}` };
  }
  const stripped = portion.data.length - TRUNCATION_NOTICE.length;
  if (stripped > 0 && stripped === advanced)
    return { kind: 'proven', data: portion.data.subarray(0, stripped), marker };
  return { kind: 'doubtful', why: 'the portion ends with a truncation notice' };
}

function endsWithNotice(data: Buffer): boolean {
  const from = data.length - TRUNCATION_NOTICE.length;
  return from >= 0 && data.compare(TRUNCATION_NOTICE, 0, TRUNCATION_NOTICE.length, from) === 0;
}

export function countNewlines(data: Buffer): number {
  let lines = 0;
  for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) lines += 1;
  return lines;
}
