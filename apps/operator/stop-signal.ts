import { EXIT } from './exit-codes.ts';
import type { Output } from './output.ts';

/** Turns SIGINT and SIGTERM into an abort: the first ends in order, a second SIGINT at once. */
export function stopSignal(output: Output): { signal: AbortSignal; done(): void } {
  const controller = new AbortController();
  const stop = (exitCode: number) => () => {
    if (controller.signal.aborted) process.exit(exitCode);
    output.note('Stopping after the slot at hand …');
    process.exitCode = exitCode;
    controller.abort();
  };
  const onInterrupt = stop(EXIT.interrupted);
  const onTerminate = stop(EXIT.terminated);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    signal: controller.signal,
    done: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
