import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { types } from 'node:util';
import { createGzip } from 'node:zlib';
import type { Clock } from '../shared/ports/clock.ts';
import type { Ledger } from './ledger.ts';
import type { Faults } from './model/faults.ts';
import type { Fleet } from './model/fleet.ts';
import type { LogApi, OpenFile } from './model/log-api.ts';
import { RdsError } from './model/rds-error.ts';
import { createTokenBucket } from './model/token-bucket.ts';
import { createOperations } from './operations.ts';
import { errorXml, readParameters, resultXml } from './query-protocol.ts';
import { type SignedRequest, verifySignature } from './sigv4.ts';

const MAX_BODY_BYTES = 64 * 1024;
const STREAM_CHUNK_BYTES = 256 * 1024;
const COMPLETE_PATH = /^\/v13\/downloadCompleteLogFile\/([^/]+)\/(.+)$/;
const COMPLETE_ACTION = 'DownloadCompleteDBLogFile';
const DEFAULT_SLOW_MS = 1000;

/** Counts of calls, kept by the server and shown in the ledger. */
export interface CallCounts {
  readonly byAction: Map<string, number>;
  throttled: number;
}

export interface ServerOptions {
  readonly fleet: Fleet;
  readonly api: LogApi;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly calls: CallCounts;
  /** Told of what should not happen; the caller has got an InternalFailure. */
  readonly onError: (error: unknown) => void;
}

/** The connection is cut without an answer, on purpose. */
class CutConnection extends Error {}

/** The HTTP server of the simulated RDS; not listening yet. */
export function createRdsServer(options: ServerOptions): Server {
  const operations = createOperations(options.fleet, options.api);
  const admit = createAdmission(options);
  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(message);
    if (request.path === '/ledger')
      return send(response, 200, 'application/json', JSON.stringify(await options.ledger()));
    await verifySignature(request, options.clock.now());
    const complete = message.method === 'GET' ? COMPLETE_PATH.exec(request.path) : null;
    if (complete) {
      await admit(COMPLETE_ACTION);
      const [instanceId = '', fileName = ''] = complete.slice(1).map(decodeSegment);
      return sendComplete(response, await options.api.openComplete(instanceId, fileName), message, options.faults);
    }
    const form = message.method === 'POST' ? new URLSearchParams(request.body.toString()) : request.query;
    const action = form.get('Action') ?? '';
    const operation = operations.get(action);
    if (!operation) throw new RdsError('InvalidAction', `Could not find operation ${action} for version 2014-10-31`);
    await admit(action);
    send(response, 200, 'text/xml', resultXml(action, await operation(readParameters(form))));
  };
  return createServer((message, response) => {
    answer(message, response).catch((error: unknown) => fail(message, response, error, options.onError));
  });
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RdsError('InvalidParameterValue', `${segment} is not percent-encoded UTF-8.`);
  }
}

/** Counts a call and lets the faults that hit before an operation strike. */
function createAdmission({ faults, clock, calls }: ServerOptions): (action: string) => Promise<void> {
  const quota = faults.options.callsPerSecond;
  const buckets = new Map<string, (now: number) => boolean>();
  const insideQuota = (action: string) => {
    if (quota === undefined || action === COMPLETE_ACTION) return true;
    const bucket = buckets.get(action) ?? createTokenBucket(quota);
    buckets.set(action, bucket);
    return bucket(clock.now());
  };
  return async (action) => {
    calls.byAction.set(action, (calls.byAction.get(action) ?? 0) + 1);
    if (!insideQuota(action) || faults.strikes('throttleRate')) {
      calls.throttled += 1;
      throw new RdsError('Throttling', 'Rate exceeded');
    }
    if (faults.strikes('slowRate')) await clock.sleep(faults.options.slowMs ?? DEFAULT_SLOW_MS);
    if (!faults.strikes('errorRate')) return;
    const kind = faults.draw('errorRate', 3);
    if (kind === 0) throw new CutConnection();
    if (kind === 1) throw new RdsError('InternalFailure', 'An internal error has occurred.');
    throw new RdsError('ServiceUnavailable', 'The service is unavailable, try again.');
  };
}

async function readRequest(message: IncomingMessage): Promise<SignedRequest> {
  const parts: Buffer[] = [];
  let length = 0;
  // The connection must outlive the body: an answer goes out even when the body is too long.
  for await (const part of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES)
      throw new RdsError('RequestEntityTooLarge', `The body is over ${MAX_BODY_BYTES} bytes.`);
    parts.push(part);
  }
  const [path = '/', query = ''] = (message.url ?? '/').split('?', 2);
  return {
    ...{ method: message.method ?? 'GET', path, query: new URLSearchParams(query) },
    ...{ headers: message.headers, body: Buffer.concat(parts) },
  };
}

/** Streams the file as it is while it is read, without a Content-Length, as RDS does. */
async function sendComplete(
  response: ServerResponse,
  { generation, reader }: OpenFile,
  message: IncomingMessage,
  faults: Faults,
): Promise<void> {
  const isCut = faults.strikes('brokenStream');
  const cutAt = isCut ? faults.draw('brokenStream', Math.max(1, generation.size)) : Number.POSITIVE_INFINITY;
  const isGzip = /\bgzip\b/.test(String(message.headers['accept-encoding'] ?? ''));
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
  });
  async function* bytes() {
    try {
      for (let offset = 0; offset < generation.size; ) {
        const end = Math.min(generation.size, cutAt, offset + STREAM_CHUNK_BYTES);
        const chunk = await reader.read(offset, end - offset);
        if (chunk.length === 0) break;
        offset += chunk.length;
        yield chunk;
      }
      if (isCut) throw new CutConnection();
    } finally {
      await reader.close();
    }
  }
  const source = Readable.from(bytes(), { objectMode: false, highWaterMark: STREAM_CHUNK_BYTES });
  await (isGzip ? pipeline(source, createGzip({ level: 1 }), response) : pipeline(source, response));
}

function fail(
  message: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  onError: (error: unknown) => void,
): void {
  const clientLeft = isCode(error, 'ERR_STREAM_PREMATURE_CLOSE') || isCode(error, 'ECONNRESET');
  if (error instanceof CutConnection || response.headersSent || clientLeft) {
    if (!(error instanceof CutConnection) && !clientLeft) onError(error);
    message.socket.destroy();
    return;
  }
  if (!(error instanceof RdsError)) onError(error);
  const known = error instanceof RdsError ? error : new RdsError('InternalFailure', String(error));
  send(response, known.httpStatus, 'text/xml', errorXml(known));
}

function send(response: ServerResponse, status: number, contentType: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}

function isCode(error: unknown, code: string): boolean {
  return types.isNativeError(error) && 'code' in error && error.code === code;
}
