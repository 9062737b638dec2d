import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached the canned server. */
export interface SeenRequest {
  /** `Action` of the query protocol, or the path of a GET. */
  readonly action: string;
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Tells connections apart. */
  readonly remotePort: number | undefined;
}

export type Answerer = (request: SeenRequest, response: ServerResponse) => void;

export interface CannedRds {
  readonly endpoint: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** A server on loopback that answers what the test says, whatever is asked. */
export async function startCannedRds(answer: Answerer): Promise<CannedRds> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (message, response) => {
    const body = await text(message);
    const form = new URLSearchParams(body);
    const { headers, socket } = message;
    const { remotePort } = socket;
    const request = { action: form.get('Action') ?? message.url ?? '', form, headers, remotePort };
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function text(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** An error answer of the query protocol. */
export function sendError(response: ServerResponse, status: number, code: string, message = 'said the server'): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(
    `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type><Code>${code}</Code>` +
      `<Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  );
}

/** A successful answer of the query protocol with `inner` as its result, byte for byte. */
export function sendResult(response: ServerResponse, action: string, ...inner: (string | Buffer)[]): void {
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(resultOf(action, ...inner));
}

export function resultOf(action: string, ...inner: (string | Buffer)[]): Buffer {
  const head = `<${action}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${action}Result>`;
  const tail = `</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`;
  return Buffer.concat([head, ...inner, tail].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
