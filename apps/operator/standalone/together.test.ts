import { describe, expect, it } from '@jest/globals';
import { together } from './together.ts';

const never = new AbortController().signal;
const untilStopped = (stop: AbortSignal) =>
  new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()));

describe('together', () => {
  it('stops the others when one part ends, and waits for them', async () => {
    const said: string[] = [];
    const slow = async (stop: AbortSignal) => {
      await untilStopped(stop);
      await new Promise((resolve) => setImmediate(resolve));
      said.push('slow');
    };
    await together(never, [slow, async () => void said.push('quick')]);
    expect(said).toEqual(['quick', 'slow']);
  });

  it('throws what failed first, when all have ended', async () => {
    let ended = false;
    const late = async (stop: AbortSignal) => {
      await untilStopped(stop);
      ended = true;
      throw new Error('late');
    };
    await expect(together(never, [late, () => Promise.reject(new Error('first'))])).rejects.toThrow('first');
    expect(ended).toBe(true);
  });

  it('takes the reason of the stop for no failure, and any other error for one', async () => {
    const stopped = new AbortController();
    const throwing = (error: (stop: AbortSignal) => unknown) => async (stop: AbortSignal) => {
      await untilStopped(stop);
      throw error(stop);
    };
    setImmediate(() => stopped.abort());
    await together(stopped.signal, [throwing((stop) => stop.reason)]);
    const again = new AbortController();
    setImmediate(() => again.abort());
    await expect(together(again.signal, [throwing(() => new Error('a bug'))])).rejects.toThrow('a bug');
  });
});
