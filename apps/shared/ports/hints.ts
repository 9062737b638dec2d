import type { Hint } from '../hint.ts';

/** A hint in the hand of a worker. Exactly one of the two is called, once. */
export interface HintDelivery {
  readonly hint: Hint;
  /** The slice is done, or a newer hint replaces this one. */
  ack(): Promise<void>;
  /** The slice failed; discovery will say again what is not finished, so nothing is redelivered. */
  nack(cause: unknown): Promise<void>;
}

/** Level-triggered messages from discovery to processors. Loss, repetition and reordering must cost nothing. */
export interface Hints {
  publish(hints: readonly Hint[]): Promise<void>;
  /** Earliest deadline first; a series is in one hand at a time; ends when the signal fires or the queue is closed. */
  consume(signal: AbortSignal): AsyncIterable<HintDelivery>;
}
