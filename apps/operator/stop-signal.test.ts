import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';

const MODULE = new URL('./stop-signal.ts', import.meta.url).href;

/** A program that says what its stop signal does; it goes on for as long as it is let. */
function start(rest: string) {
  const program = `
    import { stopSignal } from ${JSON.stringify(MODULE)};
    const stop = stopSignal({ note: (text) => console.log(text) });
    const staying = setInterval(() => {}, 1000);
    console.log('ready');
    ${rest}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => (await lines.next()).value, exited: once(child, 'exit') };
}

describe('stopSignal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('lets the program end in order at %s, with %d', async (signal, code) => {
    const { child, line, exited } = start("stop.signal.addEventListener('abort', () => clearInterval(staying));");
    expect(await line()).toBe('ready');
    child.kill(signal);
    expect(await line()).toBe('Stopping after the slot at hand …');
    expect(await exited).toEqual([code, null]);
  });

  it('ends the program at once at the second signal', async () => {
    const { child, line, exited } = start('');
    await line();
    child.kill('SIGINT');
    await line();
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
  });

  it('leaves signals alone when it is done', async () => {
    const { child, line, exited } = start("stop.done(); console.log('done');");
    await line();
    await line();
    child.kill('SIGTERM');
    expect(await exited).toEqual([null, 'SIGTERM']);
  });
});
