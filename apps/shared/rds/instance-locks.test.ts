import { describe, expect, it } from '@jest/globals';
import { createInstanceLocks } from './instance-locks.ts';

const never = new AbortController().signal;

function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describe('createInstanceLocks', () => {
  it('runs the work of one instance in order, one at a time, whatever fails', async () => {
    const locks = createInstanceLocks(10);
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
      if (name === 'a') throw new Error('a fails');
    };
    await Promise.allSettled(['a', 'b', 'c'].map((name) => locks.hold('db-1', never, work(name))));
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('lets instances run side by side', async () => {
    const locks = createInstanceLocks(10);
    const { open, passed } = gate();
    const first = locks.hold('db-1', never, () => passed);
    await expect(locks.hold('db-2', never, async () => 'free')).resolves.toBe('free');
    open();
    await first;
  });

  it('refuses more than may wait', async () => {
    const locks = createInstanceLocks(1);
    const { open, passed } = gate();
    const held = locks.hold('db-1', never, () => passed);
    const waits = locks.hold('db-1', never, async () => 'waited');
    await expect(locks.hold('db-1', never, async () => {})).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED' });
    open();
    await held;
    await expect(waits).resolves.toBe('waited');
  });

  it('lets one that waits leave, and the next have its turn', async () => {
    const locks = createInstanceLocks(10);
    const { open, passed } = gate();
    const stop = new AbortController();
    const held = locks.hold('db-1', never, () => passed);
    const leaves = locks.hold('db-1', stop.signal, async () => 'never');
    const stays = locks.hold('db-1', never, async () => 'stayed');
    stop.abort(new Error('enough'));
    await expect(leaves).rejects.toThrow('enough');
    open();
    await held;
    await expect(stays).resolves.toBe('stayed');
  });
});
