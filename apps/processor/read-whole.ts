import type { SourceFile } from './log-file-io.ts';
import { headAgrees, type KnownHead, NotThisFile } from './match.ts';

/** What must be true of a complete file for it to go on where a chain ends. */
export interface WholeStart extends KnownHead {
  /** The last archived bytes before `end`, at most TAIL_BYTES. */
  readonly tail: Buffer;
}

/**
 * The bytes of a complete download behind `start.end`. The bytes before are compared with what is known of them and
 * dropped: head and tail, in the same answer of RDS, so that no rename can come between.
 * Throws NotThisFile before it yields anything of another file.
 */
export async function* readWhole(file: SourceFile, start: WholeStart, signal: AbortSignal): AsyncGenerator<Buffer> {
  const tailFrom = start.end - start.tail.length;
  const head = Buffer.alloc(start.head.length);
  const tail = Buffer.alloc(start.tail.length);
  const known = Math.max(start.end, head.length);
  const held: Buffer[] = [];
  let position = 0;
  let proven = known === 0;
  for await (const chunk of file.source.whole(file.instance, file.fileName, signal)) {
    const chunkStart = position;
    position += chunk.length;
    const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, start.end - chunkStart)));
    if (proven) {
      if (fresh.length > 0) yield fresh;
      continue;
    }
    copyOverlap(chunk, chunkStart, head, 0);
    copyOverlap(chunk, chunkStart, tail, tailFrom);
    // A head that reaches beyond the chain: at most HEAD_BYTES wait here until it is compared.
    if (fresh.length > 0) held.push(Buffer.from(fresh));
    if (position < known) continue;
    assertProven(file.fileName, start, head, tail);
    proven = true;
    yield* held.splice(0);
  }
  if (position < known) throw new NotThisFile(file.fileName, `it has ${position} bytes, ${known} are known`, false);
}

function copyOverlap(chunk: Buffer, chunkStart: number, target: Buffer, targetStart: number): void {
  const from = Math.max(chunkStart, targetStart);
  const to = Math.min(chunkStart + chunk.length, targetStart + target.length);
  if (from < to) chunk.copy(target, from - targetStart, from - chunkStart, to - chunkStart);
}

function assertProven(fileName: string, start: WholeStart, head: Buffer, tail: Buffer): void {
  if (!headAgrees(start, head)) throw new NotThisFile(fileName, 'it begins with other bytes', true);
  if (!tail.equals(start.tail)) throw new NotThisFile(fileName, 'the last archived bytes are not at their place', true);
}
