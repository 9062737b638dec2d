import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What can happen to a call to S3. `silence`: no answer, nothing done. `late-silence` and `lost-answer`: done, but the
 * answer never comes or the connection breaks. `cut-answer`: the connection breaks in the middle of the body.
 */
export type Fault =
  | 'slow-down'
  | 'internal-error'
  | 'conflict'
  | 'denied'
  | 'precondition-in-200'
  | 'reset'
  | 'silence'
  | 'late-silence'
  | 'lost-answer'
  | 'cut-answer';

const ANSWERS: Partial<Record<Fault, readonly [status: number, code: string]>> = {
  'slow-down': [503, 'SlowDown'],
  'internal-error': [500, 'InternalError'],
  conflict: [409, 'ConditionalRequestConflict'],
  denied: [403, 'AccessDenied'],
  'precondition-in-200': [200, 'PreconditionFailed'],
};

export interface FaultyProxy {
  readonly endpoint: string;
  /** The next calls with this method meet these faults, one each; later ones are passed on. */
  inject(method: string, ...faults: Fault[]): void;
  /** Injected faults that no call has met yet. */
  unused(): number;
  close(): Promise<void>;
}

/** An HTTP proxy before a server that does not fail by itself. */
export async function createFaultyProxy(target: string): Promise<FaultyProxy> {
  const waiting = new Map<string, Fault[]>();

  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const fault = waiting.get(incoming.method ?? '')?.shift();
    const [status, code] = (fault && ANSWERS[fault]) ?? [];
    if (status !== undefined) {
      answer.writeHead(status, { 'content-type': 'application/xml' });
      answer.end(
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>injected</Message></Error>`,
      );
    } else if (fault === 'reset') incoming.socket.destroy();
    else if (fault !== 'silence') await pass(target, incoming, body, answer, fault);
  }

  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    inject: (method, ...faults) => waiting.set(method, faults),
    unused: () => [...waiting.values()].flat().length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(target: string, incoming: IncomingMessage, body: Buffer, answer: ServerResponse, fault?: Fault) {
  const { method, headers, url } = incoming;
  const upstream = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${target}${url}`, { method, headers, agent: false }, resolve).on('error', reject).end(body);
  });
  const received = await buffer(upstream);
  if (fault === 'late-silence') return;
  if (fault === 'lost-answer') {
    incoming.socket.destroy();
    return;
  }
  answer.writeHead(upstream.statusCode ?? 500, upstream.headers);
  if (fault !== 'cut-answer') {
    answer.end(received);
    return;
  }
  answer.write(received.subarray(0, received.length / 2), () => incoming.socket.destroy());
}
