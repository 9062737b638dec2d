import type { LogKind } from '../../shared/log-file.ts';
import type { ChainState } from '../../shared/ports/positions.ts';

/** What can be wrong with a file; a growing list. */
export type ProblemKind =
  | 'corrupt'
  | 'gap'
  | 'overlap'
  | 'stray'
  | 'chain-broken'
  | 'archived-twice'
  | 'position-ahead'
  | 'missing'
  | 'lost'
  | 'record-gap'
  | 'record-overlap'
  | 'record-invalid';

export interface Problem {
  readonly kind: ProblemKind;
  /** A sentence: what, and where. */
  readonly message: string;
  /** Bytes [from, to) of the file that it is about, where it is about bytes. */
  readonly from?: number;
  readonly to?: number;
}

/** One generation, as it was found. Counts are its own: bytes of one that it continues are counted there. */
export interface FileReport {
  readonly instanceId: string;
  readonly resourceId: string;
  readonly kind: LogKind;
  /** 0 for a file at RDS that the archive does not know. */
  readonly generation: number;
  readonly fileName: string;
  readonly state: ChainState | 'sealed' | 'unknown';
  readonly bytesListed: number;
  readonly bytesArchived: number;
  readonly bytesParsed: number;
  readonly bytesLost: number;
  readonly bytesDuplicated: number;
  readonly recordsParsed: number;
  readonly recordsRaw: number;
  readonly problems: readonly Problem[];
}

export interface VerifySummary {
  readonly files: number;
  readonly bytesListed: number;
  readonly bytesArchived: number;
  readonly bytesParsed: number;
  readonly bytesLost: number;
  readonly bytesDuplicated: number;
  /** Records with fields; those without are in `recordsRaw`. */
  readonly recordsParsed: number;
  readonly recordsRaw: number;
  readonly problems: number;
}

export const NOTHING: VerifySummary = {
  files: 0,
  bytesListed: 0,
  bytesArchived: 0,
  bytesParsed: 0,
  bytesLost: 0,
  bytesDuplicated: 0,
  recordsParsed: 0,
  recordsRaw: 0,
  problems: 0,
};

export function add(sum: VerifySummary, file: FileReport): VerifySummary {
  return {
    files: sum.files + 1,
    bytesListed: sum.bytesListed + file.bytesListed,
    bytesArchived: sum.bytesArchived + file.bytesArchived,
    bytesParsed: sum.bytesParsed + file.bytesParsed,
    bytesLost: sum.bytesLost + file.bytesLost,
    bytesDuplicated: sum.bytesDuplicated + file.bytesDuplicated,
    recordsParsed: sum.recordsParsed + file.recordsParsed,
    recordsRaw: sum.recordsRaw + file.recordsRaw,
    problems: sum.problems + file.problems.length,
  };
}

/** Problems kept per file; the rest are counted in one more. */
const MOST_PROBLEMS = 20;

/** Collects the problems of one file, and never more than can be read. */
export class ProblemList {
  readonly #kept: Problem[] = [];
  #dropped = 0;

  add(kind: ProblemKind, message: string, range: { from?: number; to?: number } = {}): void {
    if (this.#kept.length < MOST_PROBLEMS) this.#kept.push({ kind, message, ...range });
    else this.#dropped += 1;
  }

  all(): Problem[] {
    const last = this.#kept.at(-1);
    if (this.#dropped === 0 || last === undefined) return [...this.#kept];
    return [...this.#kept, { kind: last.kind, message: `${this.#dropped} more problems in this file` }];
  }
}
