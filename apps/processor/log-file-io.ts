import type { DbInstance } from '../shared/log-file.ts';
import type { LogSource } from '../shared/ports/log-source.ts';

/** One file at RDS, as the readers of this folder are told it. */
export interface SourceFile {
  readonly source: LogSource;
  readonly instance: DbInstance;
  readonly fileName: string;
}
