import type { IncomingMessage } from 'node:http';
import { isFailure } from '../failure.ts';
import type { DbInstance } from '../log-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogSource, Portion, PortionRequest } from '../ports/log-source.ts';
import type { RdsCall } from './call.ts';
import type { CallEvent, Caller } from './caller.ts';
import { type LinkedSignal, linkSignal, withDeadline } from './deadline.ts';
import { toFailure } from './failures.ts';
import { createInstanceLocks } from './instance-locks.ts';
import type { RdsLimits } from './limits.ts';
import { parsePortionResponse } from './portion-response.ts';
import { type RdsRequest, readBody, type Transport } from './transport.ts';
import { readWhole } from './whole-stream.ts';

export interface DownloadsOptions {
  readonly region: string;
  readonly caller: Caller;
  readonly limits: RdsLimits;
  readonly clock: Clock;
  readonly onCall: (event: CallEvent) => void;
  /** Portions and complete files have connections of their own, so that long downloads never hold up the tail. */
  readonly portions: Transport;
  readonly wholes: Transport;
  /** How complete files travel. */
  readonly encoding: () => Promise<'gzip' | 'identity'>;
}

/** An answer whose head has come and whose body is still to be read. */
interface OpenDownload {
  readonly response: IncomingMessage;
  readonly linked: LinkedSignal;
  readonly startedAt: number;
}

/** The half of the log source that moves bytes, on our own path. */
export function createDownloads(options: DownloadsOptions): Pick<LogSource, 'portion' | 'whole'> {
  const { region, caller, limits, clock } = options;
  const locks = createInstanceLocks(limits.waitingPerInstance);

  async function fetchPortion(body: string, signal: AbortSignal): Promise<Portion> {
    const request: RdsRequest = { method: 'POST', path: '/', body, acceptEncoding: 'identity' };
    const response = await options.portions.send(request, signal);
    return parsePortionResponse(await readBody(response, limits.answerBytes));
  }

  async function open(path: string, signal: AbortSignal): Promise<OpenDownload> {
    const startedAt = clock.now();
    const linked = linkSignal(signal);
    linked.arm(limits.wholeIdleTimeoutMs);
    try {
      const request: RdsRequest = { method: 'GET', path, acceptEncoding: await options.encoding() };
      return { response: await options.wholes.send(request, linked.signal), linked, startedAt };
    } catch (error) {
      linked.unlink();
      linked.signal.throwIfAborted();
      throw error;
    }
  }

  async function* deliver(call: RdsCall, signal: AbortSignal, download: OpenDownload): AsyncGenerator<Buffer> {
    const { response, linked, startedAt } = download;
    let outcome: CallEvent['outcome'] = 'stopped';
    let bytes = 0;
    try {
      for await (const chunk of readWhole(response, linked, limits.wholeIdleTimeoutMs)) {
        bytes += chunk.length;
        yield chunk;
      }
      outcome = 'ok';
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const failure = toFailure(error, call);
      if (isFailure(failure)) outcome = failure.code;
      throw failure;
    } finally {
      linked.unlink();
      options.onCall({ action: call.action, outcome, ms: clock.now() - startedAt, bytes });
    }
  }

  return {
    portion(instance, request, signal) {
      const { instanceId } = instance;
      const call: RdsCall = { action: 'DownloadDBLogFilePortion', region, instanceId, fileName: request.fileName };
      const body = portionQuery(instance, request);
      // One at a time, because each call "uses resources on database instances" (Amazon RDS API Reference).
      return locks.hold(instanceId, signal, () =>
        caller.call(call, signal, async () => {
          const result = await withDeadline(signal, limits.portionTimeoutMs, (inner) => fetchPortion(body, inner));
          return { result, bytes: result.data.length };
        }),
      );
    },

    async *whole(instance, fileName, signal) {
      const { instanceId } = instance;
      const call: RdsCall = { action: 'DownloadCompleteDBLogFile', region, instanceId, fileName };
      const path = wholePath(instanceId, fileName);
      const download = await caller.call(call, signal, async () => {
        return { result: await open(path, signal), bytes: undefined };
      });
      yield* deliver(call, signal, download);
    },
  };
}

/** The query protocol's body of DownloadDBLogFilePortion. */
function portionQuery(instance: DbInstance, { fileName, marker, lines }: PortionRequest): string {
  return new URLSearchParams({
    Action: 'DownloadDBLogFilePortion',
    Version: '2014-10-31',
    DBInstanceIdentifier: instance.instanceId,
    LogFileName: fileName,
    NumberOfLines: String(lines),
    ...(marker !== undefined && { Marker: marker }),
  }).toString();
}

/** "DownloadCompleteDBLogFile", Amazon Aurora User Guide: the file name keeps its slashes. */
function wholePath(instanceId: string, fileName: string): string {
  const segments = [instanceId, ...fileName.split('/')].map((segment) =>
    encodeURIComponent(segment).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
  );
  return `/v13/downloadCompleteLogFile/${segments.join('/')}`;
}
