import { readGeneration } from '../shared/archive/read-chain.ts';
import type { GenerationId } from '../shared/log-file.ts';
import { contentEnd, type GenerationPosition } from '../shared/ports/positions.ts';
import type { ParsedRecords, ParserState, RecordContext, RecordParser } from './parsers/record-parser.ts';
import type { ShipDeps } from './ship-deps.ts';

/** Parsed at a time, so that a full batch is noticed soon after it is full. */
const WRITE_BYTES = 256 * 1024;
/** NDJSON per delivery. */
const BATCH_BYTES = 5 * 1024 * 1024;
/** An unfinished record above this is read from the archive again rather than kept. */
const MAX_REST_BYTES = 1024 * 1024;

/**
 * How the end of what is archived is to be taken.
 * `open`: a record may go on; it waits. `final`: nothing follows; the last record is complete.
 * `tentative`: the last record is delivered as it stands but not remembered, so that it is delivered again, whole, when
 * the file goes on.
 */
export type FileEnd = 'open' | 'final' | 'tentative';

/** Delivers the records of one generation behind its archived bytes; tells first, remembers the offset after. */
export interface Indexer {
  /** Takes the bytes that were just archived at the end of the chain. `position` is what was remembered with them. */
  add(bytes: Buffer, position: GenerationPosition): Promise<GenerationPosition>;
  /** Ends the slice; `position` is what was remembered last. */
  finish(end: FileEnd, position: GenerationPosition): Promise<GenerationPosition>;
}

type IndexDeps = Pick<ShipDeps, 'archive' | 'positions' | 'sink' | 'createParser' | 'tails'>;

/** Starts at the stored record boundary; bytes that were archived but not delivered before come from the archive. */
export async function createIndexer(
  deps: IndexDeps,
  generation: GenerationId,
  context: RecordContext,
  stored: GenerationPosition,
  signal: AbortSignal,
): Promise<Indexer> {
  const state = stored.parser as ParserState | undefined;
  const parser = deps.createParser(context, { offset: stored.indexed, state });
  let position = stored;
  let rest: Buffer | undefined = Buffer.alloc(0);
  let counted = { records: stored.records, rawRecords: stored.rawRecords };

  async function deliver(batch: ParsedRecords): Promise<void> {
    if (batch.to === batch.from) return;
    await deps.sink.deliver({ ...batch, generation, instanceId: context.instanceId });
  }

  async function parse(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += WRITE_BYTES) {
      parser.write(bytes.subarray(at, at + WRITE_BYTES));
      if (parser.pendingOutput >= BATCH_BYTES) await takeAndDeliver(parser);
    }
  }

  async function takeAndDeliver(from: RecordParser): Promise<number> {
    const batch = from.take();
    const { to, records, rawRecords } = batch;
    await deliver(batch);
    counted = { records: counted.records + records, rawRecords: counted.rawRecords + rawRecords };
    return to;
  }

  async function remember(): Promise<void> {
    const indexed = await takeAndDeliver(parser);
    if (indexed === position.indexed) return;
    position = await deps.positions.save(generation, { ...position, ...counted, indexed, parser: parser.state() });
  }

  async function add(bytes: Buffer, start: number): Promise<void> {
    await parse(bytes);
    await remember();
    rest = restBehind(position.indexed, rest, bytes, start);
  }

  const backlog = deps.tails.get(generation, stored.indexed);
  if (backlog?.length === contentEnd(stored) - stored.indexed) {
    await add(backlog, stored.indexed);
  } else if (stored.indexed < contentEnd(stored)) {
    const end = contentEnd(stored);
    for await (const part of readGeneration(deps.archive, generation, stored.indexed)) {
      signal.throwIfAborted();
      // Slots behind the position are not ours to deliver yet.
      if (part.start >= end) break;
      await add(part.bytes.subarray(0, end - part.start), part.start);
    }
  }

  function follow(remembered: GenerationPosition): void {
    position = { ...remembered, ...counted, indexed: position.indexed, parser: position.parser };
  }

  return {
    add: async (bytes, remembered) => {
      follow(remembered);
      await add(bytes, remembered.end - bytes.length);
      return position;
    },
    finish: async (end, remembered) => {
      follow(remembered);
      if (end === 'open' || position.indexed === contentEnd(position)) {
        if (rest) deps.tails.set(generation, position.indexed, rest);
        return position;
      }
      parser.flush();
      if (end === 'final') await remember();
      else await deliver(parser.take());
      return position;
    },
  };
}

/** The bytes behind `indexed`, after `bytes` were parsed at `start`; undefined where they are too many to keep. */
function restBehind(indexed: number, before: Buffer | undefined, bytes: Buffer, start: number): Buffer | undefined {
  if (indexed >= start)
    return bytes.length - (indexed - start) > MAX_REST_BYTES ? undefined : Buffer.from(bytes.subarray(indexed - start));
  if (before === undefined || before.length + bytes.length > MAX_REST_BYTES) return undefined;
  return Buffer.concat([before, bytes]);
}
