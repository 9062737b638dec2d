/**
 * Answers whether a call at `now` (ms) is inside a quota of `perSecond` calls. A quiet second saves up one second of
 * calls (at least one call), no more.
 */
export function createTokenBucket(perSecond: number): (now: number) => boolean {
  const capacity = Math.max(1, perSecond);
  let tokens = capacity;
  let refilledAt: number | undefined;
  return (now) => {
    tokens = Math.min(capacity, tokens + ((now - (refilledAt ?? now)) / 1000) * perSecond);
    refilledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
