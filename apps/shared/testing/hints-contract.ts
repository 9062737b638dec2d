import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Hint } from '../hint.ts';
import { hintKey } from '../hint.ts';
import type { HintDelivery, Hints } from '../ports/hints.ts';

export interface HintsUnderTest {
  readonly hints: Hints;
  close(): Promise<void>;
}

/** What every implementation of `Hints` promises, whatever stands between publisher and consumer. */
export function describeHints(name: string, make: () => Promise<HintsUnderTest>): void {
  describe(`${name} as hints`, () => {
    let under: HintsUnderTest;
    let hints: Hints;
    let stop: AbortController;
    beforeEach(async () => {
      under = await make();
      hints = under.hints;
      stop = new AbortController();
    });
    afterEach(async () => {
      stop.abort();
      await under.close();
    });

    it('delivers each file that was published', async () => {
      const published = [hint({ fileName: 'a' }), hint({ fileName: 'b' }), hint({ resourceId: 'db-B' })];
      await hints.publish(published);
      const delivered: Hint[] = [];
      for await (const delivery of hints.consume(stop.signal)) {
        delivered.push(delivery.hint);
        await delivery.ack();
        if (delivered.length === published.length) break;
      }
      expect(new Set(delivered)).toEqual(new Set(published));
    });

    it('wakes a consumer that waits', async () => {
      const next = take(hints.consume(stop.signal), 1);
      await sleep(20);
      await hints.publish([hint({})]);
      expect(await next).toHaveLength(1);
    });

    it('says the newest of a file once it is free, although an older hint of it is in a hand', async () => {
      await hints.publish([hint({ size: 1, listedAt: 1 })]);
      const consumer = hints.consume(stop.signal)[Symbol.asyncIterator]();
      const first: HintDelivery = (await consumer.next()).value;
      await hints.publish([hint({ size: 2, listedAt: 2 })]);
      await first.nack(new Error('not now'));
      const second: HintDelivery = (await consumer.next()).value;
      expect(second.hint.size).toBe(2);
      await second.ack();
    });

    it('has a series in one hand at a time, with several consumers', async () => {
      const files = ['a', 'b', 'c', 'd', 'e', 'f'];
      const series = ['db-A', 'db-B', 'db-C'];
      await hints.publish(series.flatMap((resourceId) => files.map((fileName) => hint({ resourceId, fileName }))));
      const inHand = new Set<string>();
      let clashes = 0;
      let most = 0;
      let left = files.length * series.length;
      const work = async () => {
        for await (const delivery of hints.consume(stop.signal)) {
          const key = hintKey(delivery.hint);
          if (inHand.has(key)) clashes++;
          inHand.add(key);
          most = Math.max(most, inHand.size);
          await sleep(2);
          inHand.delete(key);
          await delivery.ack();
          if (--left === 0) stop.abort();
        }
      };
      await Promise.all([work(), work(), work(), work()]);
      expect({ left, clashes }).toEqual({ left: 0, clashes: 0 });
      expect(most).toBeGreaterThan(1);
    });

    it('ends when the signal fires, also for a consumer that waits', async () => {
      const ended = take(hints.consume(stop.signal), 1);
      await sleep(20);
      stop.abort();
      expect(await ended).toEqual([]);
      expect(await take(hints.consume(AbortSignal.abort()), 1)).toEqual([]);
    });
  });
}

/** The first `count` deliveries, acknowledged. */
export async function take(deliveries: AsyncIterable<HintDelivery>, count: number): Promise<Hint[]> {
  const taken: Hint[] = [];
  for await (const delivery of deliveries) {
    await delivery.ack();
    if (taken.push(delivery.hint) >= count) break;
  }
  return taken;
}

export function hint(fields: Partial<Hint>): Hint {
  return {
    version: 1,
    accountId: '123456789012',
    region: 'eu-central-1',
    resourceId: 'db-A',
    instanceId: 'shop-1',
    clusterId: 'shop',
    engine: 'aurora-mysql',
    kind: 'slowquery',
    fileName: 'slowquery/mysql-slowquery.log',
    size: 10,
    lastWritten: 1,
    listedAt: 1,
    deadline: 1_000,
    ...fields,
  };
}
