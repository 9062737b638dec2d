import http from 'node:http';
import https from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, HashConstructor, Provider } from '@smithy/types';
import { AwsErrorResponse, TransportError } from './failures.ts';
import { textOf } from './portion-response.ts';

/** A request of the RDS API, before it is signed. */
export interface RdsRequest {
  readonly method: 'GET' | 'POST';
  /** Percent-encoded, as it is sent. */
  readonly path: string;
  readonly body?: string;
  readonly acceptEncoding: 'gzip' | 'identity';
}

export interface Transport {
  /**
   * Signs and sends. Resolves with an answer of status 200; its body is still to come, and must be read or destroyed.
   * Any other answer throws AwsErrorResponse. When the signal fires the connection is closed, whatever came so far.
   */
  send(request: RdsRequest, signal: AbortSignal): Promise<http.IncomingMessage>;
  close(): void;
}

export interface TransportOptions {
  readonly endpoint: Provider<URL>;
  readonly region: string;
  readonly credentials: Provider<AwsCredentialIdentity>;
  readonly sha256: HashConstructor;
  readonly connections: number;
}

/** An error answer is a few hundred bytes of XML. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Our own way to the bytes of an answer: the SDK's XML reader costs ten times as much, and changes line ends. */
export function createTransport(options: TransportOptions): Transport {
  const signer = new SignatureV4({ ...options, service: 'rds' });
  const agentOptions = { keepAlive: true, maxSockets: options.connections, maxTotalSockets: options.connections };
  const agents = { 'http:': new http.Agent(agentOptions), 'https:': new https.Agent(agentOptions) };

  async function sign(request: RdsRequest, endpoint: URL): Promise<Record<string, string>> {
    const signed = await signer.sign({
      method: request.method,
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      path: request.path,
      headers: {
        host: endpoint.host,
        ...(request.body !== undefined && { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
      },
      ...(request.body !== undefined && { body: request.body }),
    });
    // Not signed: a proxy on the way may change it.
    return { ...signed.headers, 'accept-encoding': request.acceptEncoding };
  }

  return {
    async send(request, signal) {
      const endpoint = await options.endpoint();
      const headers = await sign(request, endpoint);
      signal.throwIfAborted();
      const secure = endpoint.protocol === 'https:';
      const outgoing = (secure ? https : http).request({
        agent: agents[secure ? 'https:' : 'http:'],
        host: endpoint.hostname.replace(/^\[|\]$/g, ''),
        port: endpoint.port,
        method: request.method,
        path: request.path,
        headers,
      });
      const response = await exchange(outgoing, request.body, signal);
      if (response.statusCode === 200) return response;
      throw await errorOf(response);
    },
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

function exchange(request: http.ClientRequest, body: string | undefined, signal: AbortSignal) {
  const abort = () => request.destroy(new Error('stopped', { cause: signal.reason }));
  signal.addEventListener('abort', abort, { once: true });
  request.once('close', () => signal.removeEventListener('abort', abort));
  return new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Stays for the whole life of the request: an error after the answer's head shows on the answer too.
    request.on('error', reject);
    request.end(body);
  });
}

/** The whole body of an answer, at most `maxBytes`. */
export async function readBody(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the connection.
    if (bytes > maxBytes) throw new TransportError(`The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

async function errorOf(response: http.IncomingMessage): Promise<AwsErrorResponse> {
  const status = response.statusCode ?? 0;
  const body = await readBody(response, MAX_ERROR_BYTES);
  const header = response.headers['x-amzn-errortype'];
  const code = textOf(body, 'Code') ?? (typeof header === 'string' ? header.replace(/:.*/, '') : `Http${status}`);
  return new AwsErrorResponse(code, textOf(body, 'Message') ?? `HTTP status ${status}`, status);
}
