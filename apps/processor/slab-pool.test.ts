import { describe, expect, it } from '@jest/globals';
import { createSlabPool } from './slab-pool.ts';

const MB = 1024 * 1024;
const never = new AbortController().signal;

describe('createSlabPool', () => {
  it('makes the next one wait when all bytes are handed out, and serves in order', async () => {
    const pool = createSlabPool(16 * MB, 44 * MB);
    const first = await pool.take(16 * MB, never);
    await pool.take(16 * MB, never);
    const order: string[] = [];
    const third = pool.take(16 * MB, never).then(() => order.push('third'));
    void pool.take(16 * MB, never).then(() => order.push('fourth'));
    await new Promise(setImmediate);
    expect(order).toEqual([]);
    expect(pool.inUse).toBe(32 * MB);
    first.release();
    await third;
    expect(order).toEqual(['third']);
    expect(pool.inUse).toBe(32 * MB);
  });

  it('keeps a share for small wishes, however many large ones wait', async () => {
    const pool = createSlabPool(16 * MB, 44 * MB);
    await Promise.all([pool.take(16 * MB, never), pool.take(16 * MB, never)]);
    void pool.take(16 * MB, never);
    expect((await pool.take(MB, never)).buffer.length).toBe(2 * MB);
    expect(pool.inUse).toBe(34 * MB);
  });

  it('uses full slabs again and counts a second release once', async () => {
    const pool = createSlabPool(16 * MB, 16 * MB);
    const slab = await pool.take(16 * MB, never);
    slab.release();
    slab.release();
    expect(pool.inUse).toBe(0);
    expect((await pool.take(16 * MB, never)).buffer).toBe(slab.buffer);
  });

  it('lets the one behind go on when a waiting one gives up', async () => {
    const pool = createSlabPool(16 * MB, 16 * MB);
    const held = await pool.take(16 * MB, never);
    const impatient = new AbortController();
    const waiting = pool.take(16 * MB, impatient.signal);
    const behind = pool.take(16 * MB, never);
    impatient.abort();
    await expect(waiting).rejects.toBe(impatient.signal.reason);
    held.release();
    expect((await behind).buffer).toBe(held.buffer);
  });
});
