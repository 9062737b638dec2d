/** Calls per second, except where the name says otherwise. */
export interface AimdSettings {
  readonly initialRate: number;
  readonly minRate: number;
  readonly maxRate: number;
  /** Added after each call that had to wait for its turn and succeeded. */
  readonly increase: number;
  /** The same until the first throttled call: the way up from `initialRate` is not to take long. */
  readonly startIncrease: number;
  /** The rate is multiplied by this after a throttled call. */
  readonly decreaseFactor: number;
  /** Throttled calls within this time after a decrease were sent before it, and say nothing new. */
  readonly settleMs: number;
}

/** A rate of calls that finds an unknown and shared quota: additive increase, multiplicative decrease. */
export interface Aimd {
  /** Calls per second; always within [minRate, maxRate]. */
  rate(): number;
  /** Milliseconds from `now` until a call may be sent; 0 when one may be sent at once. */
  waitMs(now: number): number;
  /** Takes the token of one call. */
  take(now: number): void;
  /** `waited`: whether the call had to wait for its turn. A rate that is not used up proves nothing and does not grow. */
  succeeded(waited: boolean): void;
  throttled(now: number): void;
}

/**
 * The increase is per successful call, the decrease per throttled one: so processes that share a quota without
 * knowing of each other drift to equal shares, because the faster one is throttled more often.
 * Up to one second of unused tokens is kept. Pure but for its own state; times are milliseconds of any one clock.
 */
export function createAimd(settings: AimdSettings, startedAt: number): Aimd {
  let rate = settings.initialRate;
  let increase = settings.startIncrease;
  let tokens = 1;
  let refilledAt = startedAt;
  let decreasedAt = Number.NEGATIVE_INFINITY;

  function refill(now: number): void {
    // A clock that was set back adds nothing.
    const elapsedMs = Math.max(0, now - refilledAt);
    tokens = Math.min(Math.max(1, rate), tokens + (elapsedMs / 1000) * rate);
    refilledAt = now;
  }

  return {
    rate: () => rate,
    waitMs(now) {
      refill(now);
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / rate) * 1000);
    },
    take(now) {
      refill(now);
      tokens -= 1;
    },
    succeeded(waited) {
      if (waited) rate = Math.min(settings.maxRate, rate + increase);
    },
    throttled(now) {
      increase = settings.increase;
      if (now - decreasedAt < settings.settleMs) return;
      decreasedAt = now;
      rate = Math.max(settings.minRate, rate * settings.decreaseFactor);
    },
  };
}
