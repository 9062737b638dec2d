import { join } from 'node:path';
import { type DiskFile, openDiskFile } from './folder.ts';
import type { ByteReader } from './model/generation.ts';
import type { RecordSource } from './model/record-source.ts';
import { defaultHeader } from './model/series.ts';

interface Piece {
  readonly path: string;
  /** First byte in the file. */
  readonly from: number;
  /** First byte in the source. */
  readonly offset: number;
  readonly length: number;
}

const NEWLINE = 10;
const SEARCH_STEP_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 4096;

/**
 * The records of files that follow each other, read from disk when they are asked for; the files must not change
 * meanwhile. The lines that the server put at the top of the first become the header; what follows the last newline
 * of a file is left out, unless it has none.
 */
export async function createFileSource(
  folder: string,
  series: string,
  files: readonly DiskFile[],
): Promise<RecordSource> {
  let header = defaultHeader(series);
  let length = 0;
  const pieces: Piece[] = [];
  for (const file of files) {
    const path = join(folder, file.name);
    const reader = await openSourceFile(path);
    const ownHeader = pieces.length === 0 ? await readHeader(reader) : Buffer.alloc(0);
    if (ownHeader.length > 0) header = ownHeader;
    const from = ownHeader.length;
    const piece = { path, from, offset: length, length: (await endOfLastLine(reader, file.size)) - from };
    await reader.close();
    if (piece.length > 0) pieces.push(piece);
    length += Math.max(0, piece.length);
  }
  return { header, length, open: async () => openPieces(pieces) };
}

function openPieces(pieces: readonly Piece[]): ByteReader {
  const readers = new Map<Piece, ByteReader>();
  return {
    read: async (offset, length) => {
      const piece = pieces.find((candidate) => offset < candidate.offset + candidate.length);
      if (!piece) return Buffer.alloc(0);
      const reader = readers.get(piece) ?? (await openSourceFile(piece.path));
      readers.set(piece, reader);
      const within = offset - piece.offset;
      return reader.read(piece.from + within, Math.min(length, piece.length - within));
    },
    close: async () => {
      for (const reader of readers.values()) await reader.close();
      readers.clear();
    },
  };
}

async function openSourceFile(path: string): Promise<ByteReader> {
  const reader = await openDiskFile(path);
  if (!reader) throw new Error(`${path} went away while it was replayed.`);
  return reader;
}

/** The three lines that MySQL and MariaDB write when they open a slow or general log. */
async function readHeader(reader: ByteReader): Promise<Buffer> {
  const head = await reader.read(0, MAX_HEADER_BYTES);
  const match = /^[^\n]* started with:\n[^\n]*\n[^\n]*\n/.exec(head.toString('latin1'));
  return head.subarray(0, match?.[0].length ?? 0);
}

async function endOfLastLine(reader: ByteReader, size: number): Promise<number> {
  for (let end = size; end > 0; end -= SEARCH_STEP_BYTES) {
    const from = Math.max(0, end - SEARCH_STEP_BYTES);
    const newline = (await reader.read(from, end - from)).lastIndexOf(NEWLINE);
    if (newline !== -1) return from + newline + 1;
  }
  return size;
}
