import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { describeHints, hint, take } from '../testing/hints-contract.ts';
import { createInProcessHints } from './in-process-hints.ts';

describeHints('A queue in process', async () => {
  const hints = createInProcessHints({ capacity: 100 });
  return { hints, close: async () => hints.close() };
});

/** Whether a promise is settled by now. */
function watch(promise: Promise<unknown>): { settled: boolean } {
  const state = { settled: false };
  void promise.then(() => {
    state.settled = true;
  });
  return state;
}

const never = new AbortController().signal;

describe('hints in process', () => {
  it('come with the earliest deadline first', async () => {
    const hints = createInProcessHints({ capacity: 10 });
    await hints.publish([3, 1, 2].map((deadline) => hint({ fileName: `${deadline}`, deadline })));
    expect((await take(hints.consume(never), 3)).map((each) => each.deadline)).toEqual([1, 2, 3]);
  });

  it('let a publisher wait while the queue is full, and go on when there is room', async () => {
    const hints = createInProcessHints({ capacity: 2 });
    const publishing = hints.publish(['a', 'b', 'c'].map((fileName) => hint({ fileName })));
    const publisher = watch(publishing);
    await sleep(20);
    expect(publisher.settled).toBe(false);
    expect(await take(hints.consume(never), 3)).toHaveLength(3);
    await publishing;
  });

  it('let a worker publish the file that it holds although the queue is full', async () => {
    const hints = createInProcessHints({ capacity: 1 });
    await hints.publish([hint({ fileName: 'a' })]);
    for await (const delivery of hints.consume(never)) {
      await hints.publish([hint({ fileName: 'b' })]);
      await hints.publish([delivery.hint]);
      await delivery.ack();
      break;
    }
    expect(await take(hints.consume(never), 2)).toHaveLength(2);
  });

  it('are idle when none waits and none is in a hand', async () => {
    const hints = createInProcessHints({ capacity: 10 });
    await hints.idle();
    await hints.publish([hint({})]);
    const idle = watch(hints.idle());
    const { value: delivery } = await hints.consume(never)[Symbol.asyncIterator]().next();
    await sleep(5);
    expect(idle.settled).toBe(false);
    await delivery.nack(new Error('later'));
    await sleep(0);
    expect(idle.settled).toBe(true);
  });

  it('end every wait when the queue is closed', async () => {
    const hints = createInProcessHints({ capacity: 1 });
    const consumer = hints.consume(never)[Symbol.asyncIterator]();
    await hints.publish([hint({ fileName: 'a' })]);
    await consumer.next();
    const waits = [hints.publish(['b', 'c'].map((fileName) => hint({ fileName }))), hints.idle(), consumer.next()];
    await sleep(5);
    hints.close();
    const [, , ended] = await Promise.all(waits);
    expect(ended).toMatchObject({ done: true });
    await hints.publish([hint({})]);
  });

  it('can be settled once only', async () => {
    const hints = createInProcessHints({ capacity: 1 });
    await hints.publish([hint({})]);
    const { value: delivery } = await hints.consume(never)[Symbol.asyncIterator]().next();
    await delivery.ack();
    await expect(delivery.nack(new Error('again'))).rejects.toThrow('settled twice');
  });

  it('leave nothing behind on a signal that is used for long', async () => {
    const hints = createInProcessHints({ capacity: 1 });
    const stop = new AbortController();
    let listening = 0;
    const { addEventListener, removeEventListener } = stop.signal;
    stop.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listening++;
      addEventListener.apply(stop.signal, args);
    };
    stop.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listening--;
      removeEventListener.apply(stop.signal, args);
    };
    const consumed = take(hints.consume(stop.signal), 50);
    for (let n = 0; n < 50; n++) {
      await hints.publish([hint({ fileName: `${n}` })]);
      await sleep(0);
    }
    expect(await consumed).toHaveLength(50);
    expect(listening).toBe(0);
  });
});
