import type http from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { LinkedSignal } from './deadline.ts';

/** Smaller pieces are gathered, so that what is done per chunk does not count. */
const MIN_CHUNK = 64 * 1024;
const GUNZIP_CHUNK = 256 * 1024;

/**
 * The body of a complete download as large chunks, inflated where it was sent compressed. Throws the signal's reason
 * where no byte comes for `idleMs` while one is waited for: a slow consumer is not the server's fault. Leaving the
 * iteration early closes the connection.
 */
export async function* readWhole(
  response: http.IncomingMessage,
  linked: LinkedSignal,
  idleMs: number,
): AsyncGenerator<Buffer> {
  const body = response.headers['content-encoding'] === 'gzip' ? inflated(response) : response;
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    let gathered: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      linked.arm(idleMs);
      const next = await chunks.next();
      linked.disarm();
      if (!next.done) {
        gathered.push(next.value);
        bytes += next.value.length;
      }
      if (bytes >= MIN_CHUNK || (next.done && bytes > 0)) {
        yield gathered.length === 1 ? (gathered[0] as Buffer) : Buffer.concat(gathered, bytes);
        gathered = [];
        bytes = 0;
      }
      if (next.done) return;
    }
  } catch (error) {
    linked.signal.throwIfAborted();
    throw error;
  } finally {
    // A complete answer was given back to the pool before this, and is left alone.
    body.destroy();
    response.destroy();
  }
}

function inflated(response: http.IncomingMessage): Readable {
  // The iteration sees the error that the callback is given.
  return pipeline(response, createGunzip({ chunkSize: GUNZIP_CHUNK }), () => {});
}
