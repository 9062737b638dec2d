import type { ByteReader, Content } from './generation.ts';
import { readFully } from './portion.ts';

/** Records to be written again and again: whole records from the first byte to the last. */
export interface RecordSource extends Content {
  readonly length: number;
  /** What each file begins with, before its records. */
  readonly header: Buffer;
  open(): Promise<ByteReader>;
}

const MAX_TILE_BYTES = 1024 * 1024;
const CONTEXT_BYTES = 256;
const SEARCH_STEP_BYTES = 64 * 1024;
const MAX_SEARCH_BYTES = 1024 * 1024;

const SLOW_QUERY_START = /\n(?=# Time: |[^\n]* started with:)|(?<!^# Time: [^\n]*)\n(?=# User@Host: )/gm;
const RECORD_START = /\n(?=\d{4}-\d\d-\d\d[ T]|\d{6,}[ ,]|[^\n]* started with:)/g;

/** The content of a file that begins with the source's header and goes on with its records from `start`, in a loop. */
export function loopedContent(source: RecordSource, start: number): Content {
  const { header, length } = source;
  return {
    open: async () => {
      const reader = await source.open();
      let small: Buffer | undefined;
      return {
        read: async (offset, wanted) => {
          if (offset < header.length) return header.subarray(offset, offset + wanted);
          const position = (start + offset - header.length) % length;
          if (length > MAX_TILE_BYTES) return reader.read(position, Math.min(wanted, length - position));
          small ??= await readFully(reader, 0, length);
          return tile(small, position, wanted);
        },
        close: () => reader.close(),
      };
    },
  };
}

/** A small source is read once and repeated in memory: thousands of small reads would be slow. */
function tile(bytes: Buffer, position: number, wanted: number): Buffer {
  const tiled = Buffer.allocUnsafeSlow(wanted);
  let filled = bytes.copy(tiled, 0, position);
  while (filled < wanted) filled += bytes.copy(tiled, filled);
  return tiled;
}

/**
 * Where the first record at or behind `position` begins; a line where no record begins within 1 MiB, else the end.
 */
export async function recordBoundary(source: RecordSource, series: string, position: number): Promise<number> {
  if (position === 0) return 0;
  const reader = await source.open();
  try {
    const pattern = series.startsWith('slowquery/') ? SLOW_QUERY_START : RECORD_START;
    const from = Math.max(0, position - 1 - CONTEXT_BYTES);
    let text = '';
    while (from + text.length < source.length && text.length < MAX_SEARCH_BYTES) {
      const bytes = await reader.read(from + text.length, SEARCH_STEP_BYTES);
      if (bytes.length === 0) break;
      text += bytes.toString('latin1');
      pattern.lastIndex = Math.max(0, position - 1 - from);
      const found = pattern.exec(text);
      if (found) return from + found.index + 1;
    }
    const newline = text.indexOf('\n', Math.max(0, position - 1 - from));
    return from + text.length < source.length && newline !== -1 ? from + newline + 1 : source.length;
  } finally {
    await reader.close();
  }
}
