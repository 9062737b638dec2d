/**
 * Runs the parts of one job side by side. The first that ends or fails stops the others, as `signal` does; all of them
 * are waited for, so that nothing is at work any more when this returns. Throws what failed first.
 */
export async function together(
  signal: AbortSignal,
  parts: readonly ((stop: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  let failure: { readonly error: unknown } | undefined;
  const run = async (part: (stop: AbortSignal) => Promise<void>) => {
    try {
      await part(stop);
    } catch (error) {
      // A part may answer the stop by throwing its reason.
      if (!stop.aborted || error !== stop.reason) failure ??= { error };
    } finally {
      ended.abort();
    }
  };
  await Promise.all(parts.map(run));
  if (failure) throw failure.error;
}
