import type { PutOutcome } from '../ports/archive.ts';

/**
 * Objects under keys, each written once, whole or not at all, and never changed.
 * Failures: ARCHIVE_UNAVAILABLE (retryable; retried inside where that helps), ARCHIVE_FULL, ACCESS_DENIED,
 * CREDENTIALS_INVALID, NOT_FOUND (the bucket or folder itself), FOLDER_UNREADABLE.
 */
export interface ObjectStore {
  /**
   * Durable when it returns. Of any number of writers at most one is told `created`; `exists` also when an earlier
   * try of this very call got through and its answer was lost.
   */
  putIfAbsent(key: string, parts: readonly Uint8Array[]): Promise<PutOutcome>;
  /** The object, or its first `length` bytes; undefined where there is none. */
  get(key: string, options?: { length?: number }): Promise<Buffer | undefined>;
  /** Keys with the prefix in byte order, after `startAfter` where given; `pageSize` says how many are wanted at first. */
  list(prefix: string, options?: { startAfter?: string; pageSize?: number }): AsyncIterable<string>;
  /** Where people find the object: a path or an s3:// address. */
  describe(key: string): string;
}
