import { isFailure } from '../shared/failure.ts';
import type { GenerationPosition } from '../shared/ports/positions.ts';
import type { FileEnd, Indexer } from './index-records.ts';

/** Delivers records without ever standing in the way of the archive. */
export interface RecordDelivery {
  add(bytes: Buffer, position: GenerationPosition): Promise<GenerationPosition>;
  finish(end: FileEnd, position: GenerationPosition): Promise<GenerationPosition>;
  /** Why records stopped being delivered in this slice; the next one goes on from the archive. */
  readonly failure: unknown;
}

/** `start` is called when there is something to deliver. Only failures of the sink are survived. */
export function createRecordDelivery(start: (position: GenerationPosition) => Promise<Indexer>): RecordDelivery {
  let indexer: Indexer | undefined;
  let failure: unknown;

  async function guarded(position: GenerationPosition, deliver: () => Promise<GenerationPosition>) {
    if (failure !== undefined) return position;
    try {
      return await deliver();
    } catch (error) {
      if (!isFailure(error, 'SINK_UNAVAILABLE', 'SINK_FULL')) throw error;
      failure = error;
      return position;
    }
  }

  return {
    get failure() {
      return failure;
    },
    add: (bytes, position) =>
      guarded(position, async () => {
        if (indexer) return indexer.add(bytes, position);
        // The archive already holds these bytes: a new indexer reads what it lacks from there, up to their start.
        indexer = await start({ ...position, end: position.end - bytes.length });
        return indexer.add(bytes, position);
      }),
    finish: (end, position) =>
      guarded(position, async () => {
        indexer ??= await start(position);
        return indexer.finish(end, position);
      }),
  };
}
