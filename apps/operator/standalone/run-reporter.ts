import { isFailure } from '../../shared/failure.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CallEvent } from '../../shared/rds/caller.ts';
import { formatBytes, formatCount } from '../format.ts';
import type { Output } from '../output.ts';
import type { StandaloneObserver, Undone } from './run-standalone.ts';

export interface RunReporter extends Required<StandaloneObserver> {
  readonly onCall: (event: CallEvent) => void;
  /** The last words of a run that ends by itself. */
  summary(undone: readonly Undone[]): void;
}

/** Things of which the last failure is remembered; beyond it, some are said again. */
const MAX_WARNED = 10_000;

/** Says how a run goes: one line that is redrawn, and a warning per thing that fails, once while it fails the same way. */
export function createRunReporter(output: Output, clock: Clock): RunReporter {
  const startedAt = clock.now();
  const total = { instances: 0, files: 0, bytesListed: 0, bytesArchived: 0, slices: 0, apiCalls: 0, throttled: 0 };
  const warned = new Map<string, string>();

  function warn(what: string, error: unknown): void {
    const text = isFailure(error) ? `${error.message} (${error.code})` : String(error);
    if (warned.get(what) === text) return;
    if (warned.size >= MAX_WARNED) warned.clear();
    warned.set(what, text);
    output.note(`${what}: ${text}`);
    output.item('warning', { what, ...(isFailure(error) ? { code: error.code } : {}), message: text });
  }

  function draw(): void {
    const { instances, files, bytesArchived, apiCalls, throttled } = total;
    const text = `${instances} instances, ${files} files, ${formatBytes(bytesArchived)} archived, ${formatCount(apiCalls)} API calls (${throttled} throttled)`;
    output.progress(text, { ...total, seconds: seconds() });
  }

  const seconds = () => (clock.now() - startedAt) / 1000;

  return {
    onCall: ({ outcome }) => {
      total.apiCalls += 1;
      if (outcome === 'UPSTREAM_THROTTLED') total.throttled += 1;
    },
    onDiscovery: ({ instances, files, bytesListed, failed }) => {
      Object.assign(total, { instances: instances.length, files, bytesListed });
      for (const { instance, error } of failed) warn(instance.instanceId, error);
      draw();
    },
    onLookFailed: (error) => warn('the fleet', error),
    onFate: ({ hint, shipped, error }) => {
      const file = `${hint.instanceId} ${hint.fileName}`;
      const failure = error ?? shipped?.sinkFailure;
      if (failure === undefined) warned.delete(file);
      else warn(file, failure);
      if (shipped?.outcome === 'lost')
        output.note(`${file}: deleted at the source before it was read; the loss is declared in the archive.`);
      total.slices += 1;
      total.bytesArchived += shipped ? shipped.to - shipped.from : 0;
      draw();
    },
    summary: (undone) => {
      output.endProgress();
      const { instances, files, bytesArchived } = total;
      output.line(
        `${instances} instances, ${files} files: ${formatBytes(bytesArchived)} archived in ${seconds().toFixed(1)} s.`,
      );
      for (const { what, error } of undone)
        output.note(`not done: ${what}: ${isFailure(error) ? error.message : error}`);
      output.item('summary', { ...total, undone: undone.map(({ what }) => what), seconds: seconds() });
    },
  };
}
