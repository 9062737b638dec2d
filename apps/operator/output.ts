import type { Writable } from 'node:stream';
import { FAILURES, isFailure } from '../shared/failure.ts';

/** What a command says: results on stdout, all else on stderr. With `json`, stdout holds JSON lines only. */
export interface Output {
  readonly json: boolean;
  /** One line of the result for people; nothing in JSON mode. */
  line(text: string): void;
  /** One JSON line; nothing in text mode. Long commands end with `message_type: 'summary'`. */
  item(messageType: 'version' | 'status' | 'item' | 'warning' | 'summary', fields: Record<string, unknown>): void;
  /** A plain sentence on stderr. */
  note(text: string): void;
  /** How far a long command is: redrawn on a terminal, one line per 10 s elsewhere, status lines in JSON mode. */
  progress(text: string, fields?: Record<string, unknown>): void;
  /** Ends the redrawn line, if there is one. */
  endProgress(): void;
}

const PLAIN_PROGRESS_INTERVAL_MS = 10_000;

export function createOutput(
  options: { json: boolean },
  stdout: Writable = process.stdout,
  stderr: Writable & { isTTY?: boolean } = process.stderr,
): Output {
  // What ends within the interval says its result alone.
  let lastProgress = Date.now();
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write('\r\x1b[K');
    drawn = false;
  };
  return {
    json: options.json,
    line: (text) => {
      clear();
      if (!options.json) stdout.write(`${text}\n`);
    },
    item: (messageType, fields) => {
      if (options.json) stdout.write(`${JSON.stringify({ message_type: messageType, ...fields })}\n`);
    },
    note: (text) => {
      clear();
      stderr.write(`${text}\n`);
    },
    progress: (text, fields = {}) => {
      const animated = stderr.isTTY === true && !options.json;
      if (animated) {
        stderr.write(`\r\x1b[K${text}`);
        drawn = true;
        return;
      }
      if (Date.now() - lastProgress < PLAIN_PROGRESS_INTERVAL_MS) return;
      lastProgress = Date.now();
      if (options.json) stdout.write(`${JSON.stringify({ message_type: 'status', ...fields })}\n`);
      else stderr.write(`${text}\n`);
    },
    endProgress: () => {
      if (drawn) stderr.write('\n');
      drawn = false;
    },
  };
}

/** Prints what ended a command and answers its exit code. A bug keeps its stack; a Failure never shows one. */
export function reportFailure(error: unknown, json: boolean, stderr: Writable = process.stderr): number {
  const failure = isFailure(error) ? error : undefined;
  if (json) {
    const fields = failure
      ? { code: failure.code, message: failure.message, ...failure.details }
      : { code: 'BUG', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    stderr.write(`${JSON.stringify({ message_type: 'exit_error', ...fields })}\n`);
  } else if (failure) {
    stderr.write(`error: ${failure.message} (${failure.code})\n`);
  } else {
    stderr.write(`This is a bug in aurora-logs: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  return failure ? FAILURES[failure.code].exitCode : 1;
}

/**
 * Writes bytes to stdout and waits until they are out, so that a slow reader slows us. Answers false when nothing can be
 * written any more, because the reader left or the disk is full: the caller stops, `main` says why.
 */
export function writeBytes(bytes: Uint8Array, stdout: Writable = process.stdout): Promise<boolean> {
  return new Promise((resolve) => {
    stdout.write(bytes, (error) => resolve(!error));
  });
}
