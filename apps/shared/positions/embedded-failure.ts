import { Failure, isFailure } from '../failure.ts';

/** What to throw when the state folder could not be opened or stopped working; bugs come back as they are. */
export function embeddedFailure(error: unknown, stateDir: string): unknown {
  if (isFailure(error)) return error;
  const options = { cause: error, details: { stateDir } };
  const { codes, text } = chainOf(error);
  if (codes.has('LEVEL_LOCKED')) {
    const message = `The state folder ${stateDir} is in use by another aurora-logs. End that one, or name another --state.`;
    return new Failure('STATE_LOCKED', message, options);
  }
  if (codes.has('ENOSPC') || /no space left|disk quota exceeded|file too large/i.test(text)) {
    const message = `No space is left for the state folder ${stateDir}. Free some and start again: nothing is lost.`;
    return new Failure('STATE_FULL', message, options);
  }
  if ([...codes].some((code) => /^E[A-Z]+$/.test(code)) || /denied|not permitted|read-only/i.test(text)) {
    const message = `The state folder ${stateDir} cannot be used (${text}). Check that it is a folder you may write to.`;
    return new Failure('FOLDER_UNREADABLE', message, options);
  }
  if ([...codes].some((code) => code.startsWith('LEVEL_'))) {
    const message = `The state in ${stateDir} is damaged (${text}). Delete the folder: it is made anew from the archive.`;
    return new Failure('STATE_CORRUPT', message, options);
  }
  return error;
}

/**
 * Codes of an error and its causes, and the words of the innermost, which is where the operating system speaks.
 * By shape: an error that came from another thread is no instance of Error.
 */
function chainOf(error: unknown): { codes: ReadonlySet<string>; text: string } {
  const codes = new Set<string>();
  let text = '';
  for (let next = error; typeof next === 'object' && next !== null; next = 'cause' in next ? next.cause : undefined) {
    if ('code' in next && typeof next.code === 'string') codes.add(next.code);
    if ('message' in next) text = String(next.message);
  }
  return { codes, text };
}
