import { type ByteBlock, createByteBlock } from './byte-block.ts';
import { SPACE, skipBlanks } from './byte-text.ts';
import { type Literal, literal, startsWith } from './literal.ts';
import { type Severity, severityAt } from './postgres-severity.ts';
import { type Form, hostEnd, MAX_TEXT_BYTES, type OwnForm, valueEnd } from './prefix-forms.ts';

/** What is read from a prefix, and where the matcher leaves it. */
export const CAPTURES = {
  none: 0,
  time: 1,
  epoch: 2,
  remote: 3,
  process: 4,
  user: 5,
  database: 6,
  sqlstate: 7,
  application: 8,
  command: 9,
  session: 10,
  backend: 11,
  query: 12,
} as const;
type Capture = keyof typeof CAPTURES;
const CAPTURE_COUNT = 13;

/** The escapes of log_line_prefix (PostgreSQL 18, "Error Reporting and Logging"). `%q` and `%%` are no values. */
const ESCAPES: Readonly<Record<string, readonly [Form, Capture]>> = {
  a: ['text', 'application'],
  b: ['text', 'backend'],
  c: ['word', 'session'],
  d: ['text', 'database'],
  e: ['sqlstate', 'sqlstate'],
  h: ['host', 'remote'],
  i: ['text', 'command'],
  l: ['number', 'none'],
  L: ['host', 'none'],
  m: ['time', 'time'],
  n: ['epoch', 'epoch'],
  p: ['number', 'process'],
  P: ['word', 'none'],
  Q: ['word', 'query'],
  r: ['remote', 'remote'],
  s: ['time', 'none'],
  t: ['time', 'time'],
  u: ['text', 'user'],
  v: ['word', 'none'],
  x: ['word', 'none'],
};

/** One shape for all steps, so that the loop over them stays fast. */
interface Step {
  readonly form: Form | 'literal' | 'sessions only';
  readonly capture: number;
  /** Blanks may stand around the value. */
  readonly padded: boolean;
  readonly text: Literal;
}

/** A line that is made to look like many prefixes at once is given up after so many attempts. */
const MAX_ATTEMPTS = 1000;

/** The steps that a prefix consists of; escapes that PostgreSQL does not know print nothing. */
function compilePrefix(prefix: string): readonly Step[] {
  const steps: Step[] = [];
  for (const [, plain, padding, letter] of prefix.matchAll(/([^%]+|%%)|%(-?\d*)(.)/gsu)) {
    const step = {
      capture: CAPTURES.none,
      padded: padding !== '',
      text: literal(plain === '%%' ? '%' : (plain ?? '')),
    };
    if (plain !== undefined) steps.push({ ...step, form: 'literal' });
    else if (letter === 'q') steps.push({ ...step, form: 'sessions only' });
    else if (letter !== undefined && ESCAPES[letter] !== undefined) {
      const [form, capture] = ESCAPES[letter];
      steps.push({ ...step, form, capture: CAPTURES[capture] });
    }
  }
  return steps;
}

const NOTHING = createByteBlock(0);

/** Matches the start of a line against one log_line_prefix and the severity after it. */
export class PrefixMatcher {
  /** What the prefix has. */
  readonly captures: readonly number[];
  /** By capture, after a match: where its text begins and ends; empty where the prefix has none. */
  readonly starts = new Int32Array(CAPTURE_COUNT);
  readonly ends = new Int32Array(CAPTURE_COUNT);
  /** After a match: what the line begins a message of. */
  severity: Severity | undefined;

  readonly #steps: readonly Step[];
  #source: ByteBlock = NOTHING;
  #bytes: Uint8Array = NOTHING.bytes;
  #to = 0;
  #attempts = 0;

  constructor(prefix: string) {
    this.#steps = compilePrefix(prefix);
    this.captures = [...new Set(this.#steps.map((step) => step.capture))];
  }

  /** Where the message begins in the line [from, to), or -1 when the line does not match. */
  match(source: ByteBlock, from: number, to: number): number {
    this.#source = source;
    this.#bytes = source.bytes;
    this.#to = to;
    this.#attempts = 0;
    return this.#match(0, from);
  }

  #match(first: number, start: number): number {
    let at = start;
    for (let index = first; index < this.#steps.length && at >= 0; index++) {
      const step = this.#steps[index] as Step;
      if (step.form === 'text') return this.#matchText(index, at, step.capture);
      if (step.form === 'host') return this.#matchHost(index, at, step.capture);
      if (step.form === 'sessions only') {
        const message = this.#matchSeverity(at);
        if (message >= 0) return this.#forgetAfter(index, message);
      } else {
        at = this.#matchOwn(step, step.form, at);
      }
    }
    return at < 0 ? -1 : this.#matchSeverity(at);
  }

  /** Answers `message` for a line whose prefix ends at step `index`. */
  #forgetAfter(index: number, message: number): number {
    for (const { capture } of this.#steps.slice(index)) this.#capture(capture, 0, 0);
    return message;
  }

  /** Where a literal or a value that tells its own end ends, or -1. */
  #matchOwn(step: Step, form: OwnForm | 'literal', at: number): number {
    if (form === 'literal') return startsWith(this.#source, at, this.#to, step.text) ? at + step.text.length : -1;
    const bytes = this.#bytes;
    const from = step.padded ? skipBlanks(bytes, at, this.#to) : at;
    const end = valueEnd(form, bytes, from, this.#to);
    if (end >= 0) this.#capture(step.capture, from, end);
    return step.padded && end >= 0 ? skipBlanks(bytes, end, this.#to) : end;
  }

  /** The shortest text after which the rest matches. */
  #matchText(index: number, at: number, capture: number): number {
    const next = this.#steps[index + 1];
    const stop = next?.form === 'literal' ? (next.text.words[0] as number) & 0xff : -1;
    const limit = Math.min(this.#to, at + MAX_TEXT_BYTES);
    for (let end = at; end <= limit; end++) {
      if (stop >= 0 && this.#bytes[end] !== stop) continue;
      if (++this.#attempts > MAX_ATTEMPTS) return -1;
      const message = this.#match(index + 1, end);
      if (message < 0) continue;
      this.#capture(capture, at, end);
      return message;
    }
    return -1;
  }

  /** The longest host after which the rest matches: an IPv6 address holds colons, and a colon may follow it. */
  #matchHost(index: number, at: number, capture: number): number {
    for (let end = hostEnd(this.#bytes, at, Math.min(this.#to, at + MAX_TEXT_BYTES)); end >= at; end--) {
      if (++this.#attempts > MAX_ATTEMPTS) return -1;
      const message = this.#match(index + 1, end);
      if (message < 0) continue;
      this.#capture(capture, at, end);
      return message;
    }
    return -1;
  }

  #matchSeverity(at: number): number {
    const label = skipBlanks(this.#bytes, at, this.#to);
    this.severity = severityAt(this.#source, label, this.#to);
    if (this.severity === undefined) return -1;
    const message = label + this.severity.label.length;
    return this.#bytes[message] === SPACE && message < this.#to ? message + 1 : message;
  }

  #capture(capture: number, from: number, to: number): void {
    this.starts[capture] = from;
    this.ends[capture] = to;
  }
}

/** What a matcher found at the start of a line, kept while the matcher goes on to other lines. */
export class LinePrefix {
  /** By capture: where its text begins and ends; both 0 where there is none. */
  readonly starts = new Int32Array(CAPTURE_COUNT);
  readonly ends = new Int32Array(CAPTURE_COUNT);
  captures: readonly number[] = [];
  /** Absent when the line does not match. */
  severity: Severity | undefined;
  /** Where the message begins. */
  message = 0;
  #from = 0;

  set(matcher: PrefixMatcher | undefined, message: number, from: number): void {
    for (let index = 0; index < this.captures.length; index++) this.#capture(this.captures[index] as number, 0, 0);
    this.#from = from;
    this.message = message;
    this.severity = matcher?.severity;
    this.captures = matcher?.captures ?? [];
    if (matcher === undefined) return;
    for (let index = 0; index < this.captures.length; index++) {
      const capture = this.captures[index] as number;
      this.#capture(capture, matcher.starts[capture] as number, matcher.ends[capture] as number);
    }
  }

  /** Says where the line is now. */
  moveTo(from: number): void {
    const distance = from - this.#from;
    if (distance === 0) return;
    this.#from = from;
    this.message += distance;
    for (let index = 0; index < this.captures.length; index++) {
      const capture = this.captures[index] as number;
      const start = this.starts[capture] as number;
      const end = this.ends[capture] as number;
      if (end > 0) this.#capture(capture, start + distance, end + distance);
    }
  }

  #capture(capture: number, from: number, to: number): void {
    this.starts[capture] = from;
    this.ends[capture] = to;
  }
}
