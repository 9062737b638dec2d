import type { ByteBlock } from './byte-block.ts';
import { isBlank } from './byte-text.ts';
import { CAPTURES, LinePrefix, PrefixMatcher } from './postgres-prefix.ts';
import { UNPARSED_RECORD_BYTES } from './record-format.ts';

const TAB = 0x09;

/** The first of the prefixes that a line begins with. */
export class PrefixMatchers {
  readonly #matchers: readonly PrefixMatcher[];
  /** Where the message begins, after a match. */
  message = 0;

  constructor(prefixes: readonly string[]) {
    this.#matchers = prefixes.map((prefix) => new PrefixMatcher(prefix));
  }

  match(source: ByteBlock, from: number, to: number): PrefixMatcher | undefined {
    for (const matcher of this.#matchers) {
      this.message = matcher.match(source, from, to);
      if (this.message >= 0) return matcher;
    }
    return undefined;
  }
}

/** What was seen of the first lines of the records that are not encoded yet: two of them at most. */
export class SeenPrefixes {
  readonly #prefixes = [new LinePrefix(), new LinePrefix()] as const;
  #first = 0;
  #count = 0;

  /** Remembers the line at `from`; `matcher` is what matched, if anything did. */
  push(matcher: PrefixMatcher | undefined, message: number, from: number): void {
    this.#prefixes[((this.#first + this.#count++) & 1) as 0 | 1].set(matcher, message, from);
  }

  /** The oldest, for a record that has moved to `from`. */
  shift(from: number): LinePrefix {
    const prefix = this.#prefixes[this.#first as 0 | 1];
    this.#first ^= 1;
    this.#count--;
    prefix.moveTo(from);
    return prefix;
  }
}

/** Finds where the records of a PostgreSQL log begin, by its lines; see `createPostgresFormat`. */
export class PostgresBoundaries {
  readonly #matchers: PrefixMatchers;
  readonly #seen: SeenPrefixes;
  /** Whether the record that is being read began with a prefix. */
  #inMessage = false;
  /** The process that wrote it; -1 where its prefix has none. */
  #process = -1;

  constructor(prefixes: readonly string[], seen: SeenPrefixes) {
    this.#matchers = new PrefixMatchers(prefixes);
    this.#seen = seen;
  }

  beginsRecord(source: ByteBlock, from: number, to: number, recordLength: number): boolean {
    const bytes = source.bytes;
    const isFirst = recordLength === 0;
    const continues = bytes[from] === TAB || from === to;
    if (continues && !isFirst && (this.#inMessage || !tooLong(recordLength))) return false;
    const matcher = this.#matchers.match(source, from, to);
    if (matcher === undefined) {
      const mayContinue = this.#inMessage || isBlank(bytes, from, to);
      if (mayContinue && !isFirst && !tooLong(recordLength)) return false;
    } else {
      const process = processOf(bytes, matcher);
      const isAddition = matcher.severity?.addition !== undefined && this.#inMessage && process === this.#process;
      if (isAddition && !isFirst) return false;
      this.#process = process;
    }
    this.#inMessage = matcher !== undefined;
    this.#seen.push(matcher, this.#matchers.message, from);
    return true;
  }
}

function tooLong(recordLength: number): boolean {
  return recordLength >= UNPARSED_RECORD_BYTES;
}

function processOf(bytes: Uint8Array, matcher: PrefixMatcher): number {
  const to = matcher.ends[CAPTURES.process] as number;
  let process = -1;
  for (let at = matcher.starts[CAPTURES.process] as number; at < to; at++) {
    process = Math.max(process, 0) * 10 + (bytes[at] as number) - 0x30;
  }
  return process;
}
