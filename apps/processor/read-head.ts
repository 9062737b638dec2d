import { isFailure } from '../shared/failure.ts';
import type { SourceFile } from './log-file-io.ts';
import { HEAD_BYTES } from './match.ts';
import { countNewlines, judgePortion, parseMarker, TRUNCATION_NOTICE } from './portion.ts';

/** The beginning of a file as it is now. */
export interface Head {
  /** At most HEAD_BYTES; fewer only where the file has no more. */
  readonly bytes: Buffer;
  /** The segment that RDS names in its markers for this file; undefined where no portion could tell. */
  readonly segment?: string;
  /** RDS refuses to serve this file in portions. */
  readonly wholeOnly: boolean;
}

const LINE_STEPS = [16, 256, 10_000] as const;

/** Reads the head by portions, or from a complete download that is broken off, where portions refuse or cannot be trusted. */
export async function readHead(file: SourceFile, signal: AbortSignal): Promise<Head> {
  try {
    for (const lines of LINE_STEPS) {
      const portion = await file.source.portion(file.instance, { fileName: file.fileName, marker: '0', lines }, signal);
      const segment = parseMarker(portion.marker)?.segment;
      const found = (bytes: Buffer): Head => ({
        bytes: Buffer.from(bytes.subarray(0, HEAD_BYTES)),
        ...(segment === undefined ? {} : { segment }),
        wholeOnly: false,
      });
      // From the start, the first KiB of a long enough answer is the file's, whatever was cut or marked at the other end.
      if (portion.data.length >= HEAD_BYTES + TRUNCATION_NOTICE.length) return found(portion.data);
      const verdict = judgePortion(0, portion);
      // Nothing may mean an empty file, or that the name was between two files: only a complete download tells.
      if (verdict.kind !== 'proven') break;
      if (verdict.data.length >= HEAD_BYTES || countNewlines(verdict.data) < lines) return found(verdict.data);
    }
  } catch (error) {
    if (!isFailure(error, 'LOG_FILE_BINARY')) throw error;
    return { bytes: await headOfWhole(file, signal), wholeOnly: true };
  }
  return { bytes: await headOfWhole(file, signal), wholeOnly: false };
}

async function headOfWhole(file: SourceFile, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of file.source.whole(file.instance, file.fileName, signal)) {
    chunks.push(Buffer.from(chunk.subarray(0, HEAD_BYTES)));
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}
