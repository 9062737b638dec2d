import type { SourceFile } from './log-file-io.ts';
import { countNewlines, judgePortion, type Verdict } from './portion.ts';

/** Where to go on reading a file, and what proves that it is the right place. */
export interface TailStart {
  readonly offset: number;
  /**
   * A marker that RDS gave for exactly this offset of this name. Without one a marker is made from `segment` and the
   * bytes in `proof` are asked for again: made markers work in practice but are not documented.
   */
  readonly marker: string;
  readonly segment: string | undefined;
  /** The last archived bytes before `offset`. */
  readonly proof: Buffer;
}

export type TailStep =
  /** The next bytes of the file, proven by arithmetic; `marker` goes on behind them. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly marker: string }
  /** Nothing more came. */
  | { readonly kind: 'dry' }
  /** Portions do not prove themselves here: the file has to be read whole. */
  | { readonly kind: 'doubtful'; readonly why: string };

const MAX_LINES = 10_000;
/** Aimed at per portion: well below the 1 MiB cap, where RDS cuts lines. */
const PORTION_BYTES = 700 * 1024;

/**
 * Reads a live file on by portions. A portion that its arithmetic does not prove is asked for again with fewer lines,
 * at most until a single line fails. `AdditionalDataPending` is never looked at: the tail is dry when no bytes come.
 */
export function createTailReader(file: SourceFile, start: TailStart, signal: AbortSignal): () => Promise<TailStep> {
  let offset = start.offset;
  let marker = start.offset === 0 ? '0' : start.marker;
  let proof = Buffer.alloc(0);
  let lines = MAX_LINES;
  if (marker === '' && start.segment !== undefined) {
    proof = Buffer.from(start.proof);
    offset -= proof.length;
    marker = `${start.segment}:${offset}`;
  }

  async function nextProven(): Promise<{ verdict: Verdict; marker: string }> {
    for (;;) {
      const portion = await file.source.portion(file.instance, { fileName: file.fileName, marker, lines }, signal);
      const verdict = judgePortion(offset, portion);
      if (verdict.kind !== 'doubtful' || lines === 1) return { verdict, marker: portion.marker ?? '' };
      lines = fewerLines(lines, portion.data);
    }
  }

  return async function nextStep(): Promise<TailStep> {
    if (marker === '') return { kind: 'doubtful', why: 'no marker is known for this place' };
    const { verdict, marker: behind } = await nextProven();
    if (verdict.kind === 'empty') return { kind: 'dry' };
    if (verdict.kind === 'doubtful') return verdict;
    const { data } = verdict;
    if (data.length < proof.length || data.compare(proof, 0, proof.length, 0, proof.length) !== 0) {
      return { kind: 'doubtful', why: 'the bytes before the made marker are not the archived ones' };
    }
    const bytes = data.subarray(proof.length);
    proof = Buffer.alloc(0);
    offset += data.length;
    marker = behind;
    lines = linesThatFit(data);
    return bytes.length === 0 ? { kind: 'dry' } : { kind: 'bytes', bytes, marker };
  };
}

function fewerLines(lines: number, data: Buffer): number {
  return Math.max(1, Math.min(lines >> 2, countNewlines(data) >> 1));
}

function linesThatFit(sample: Buffer): number {
  return Math.min(MAX_LINES, Math.max(1, Math.floor((PORTION_BYTES * countNewlines(sample)) / sample.length)));
}
