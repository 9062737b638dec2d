import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GenerationId } from '../log-file.ts';
import type { RecordBatch, RecordSink } from '../ports/record-sink.ts';

/** A record as the tests write it: where it lies in the log file, and which delivery it came with. */
export interface TestRecord {
  readonly log_offset: number;
  readonly log_length: number;
  readonly body: string;
}

export interface RecordSinkUnderTest {
  readonly sink: RecordSink;
  /** Everything that can be found of a generation now, in any order. */
  found(generation: GenerationId): Promise<readonly TestRecord[]>;
  close(): Promise<void>;
}

const INSTANCE = 'shop-1';
/** Lengths of the records that tile the file of every generation here. */
const LENGTHS = [3, 10, 1, 5, 8, 20, 2, 2, 9, 40];
const BOUNDARIES = [0];
for (const length of LENGTHS) BOUNDARIES.push((BOUNDARIES.at(-1) ?? 0) + length);

/** What every implementation of `RecordSink` promises. */
export function describeRecordSink(name: string, make: () => Promise<RecordSinkUnderTest>): void {
  describe(`${name} as a record sink`, () => {
    let under: RecordSinkUnderTest;
    beforeAll(async () => {
      under = await make();
    });
    afterAll(() => under?.close());

    const deliver = (batch: RecordBatch) => under.sink.deliver(batch);
    const bodies = async (generation: GenerationId) =>
      [...(await under.found(generation))].sort((a, b) => a.log_offset - b.log_offset).map((record) => record.body);

    it('makes the records of a batch findable', async () => {
      const generation = newGeneration();
      await deliver(batchOf(generation, 0, 2, 'first'));
      expect(await bodies(generation)).toEqual(['0 first', '3 first']);
    });

    it('keeps generations and kinds apart', async () => {
      const generation = newGeneration();
      await deliver(batchOf(generation, 0, 1, 'one'));
      await deliver(batchOf({ ...generation, seq: 2 }, 0, 1, 'two'));
      await deliver(batchOf({ ...generation, kind: 'error' }, 0, 1, 'three'));
      expect(await bodies(generation)).toEqual(['0 one']);
    });

    it('has one copy of each record when a batch comes again, longer or shorter', async () => {
      const generation = newGeneration();
      await deliver(batchOf(generation, 0, 4, 'a'));
      await deliver(batchOf(generation, 4, 6, 'a'));
      await deliver(batchOf(generation, 0, 2, 'b'));
      await deliver(batchOf(generation, 2, 6, 'c'));
      expect(await bodies(generation)).toEqual(['0 b', '3 b', '13 c', '14 c', '19 c', '27 c']);
    });

    it('takes a record that became longer in the place of its first part', async () => {
      const generation = newGeneration();
      const part = record(13, 4, 'part');
      await deliver({ ...batchOf(generation, 0, 2, 'a') });
      await deliver({ ...batchOf(generation, 2, 3, 'a'), to: 17, ndjson: line(part) });
      await deliver({ ...batchOf(generation, 2, 3, 'a'), to: 60, ndjson: line(record(13, 47, 'whole')) });
      expect(await bodies(generation)).toEqual(['0 a', '3 a', 'whole']);
    });

    it('has each record of all that was delivered once, in its last version, however it was cut', async () => {
      const index = fc.integer({ min: 0, max: LENGTHS.length });
      const range = fc.tuple(index, index).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
      await fc.assert(
        fc.asyncProperty(fc.array(range, { maxLength: 8 }), async (ranges) => {
          const generation = newGeneration();
          const expected = new Map<number, string>();
          for (const [n, [first, end]] of ranges.entries()) {
            if (first === end) continue;
            await deliver(batchOf(generation, first, end, `v${n}`));
            for (let at = first; at < end; at++) expected.set(at, `${BOUNDARIES[at]} v${n}`);
          }
          const inOrder = [...expected].sort(([a], [b]) => a - b).map(([, body]) => body);
          expect(await bodies(generation)).toEqual(inOrder);
        }),
        { numRuns: 60 },
      );
    });
  });
}

let made = 0;

export function newGeneration(): GenerationId {
  made++;
  return { accountId: '1', region: 'eu-central-1', resourceId: `db-${process.pid}X${made}`, kind: 'slowquery', seq: 1 };
}

/** The records from the `first`th up to, not including, the `end`th of the file that all generations here share. */
export function batchOf(generation: GenerationId, first: number, end: number, version: string): RecordBatch {
  const records = LENGTHS.slice(first, end).map((length, n) => {
    const offset = BOUNDARIES[first + n] ?? 0;
    return record(offset, length, `${offset} ${version}`);
  });
  return {
    generation,
    instanceId: INSTANCE,
    from: BOUNDARIES[first] ?? 0,
    to: BOUNDARIES[end] ?? 0,
    records: records.length,
    rawRecords: 0,
    ndjson: line(...records),
  };
}

function record(offset: number, length: number, body: string): TestRecord {
  return { log_offset: offset, log_length: length, body };
}

function line(...records: TestRecord[]): Uint8Array {
  return Buffer.from(records.map((each) => `${JSON.stringify(each)}\n`).join(''));
}
