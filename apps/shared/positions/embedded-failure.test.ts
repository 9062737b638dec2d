import { describe, expect, it } from '@jest/globals';
import { embeddedFailure } from './embedded-failure.ts';

/** As LevelDB speaks: what happened is the cause of what could not be done. */
const level = (code: string, message: string) =>
  Object.assign(new Error('Database failed to open', { cause: Object.assign(new Error(message), { code }) }), {
    code: 'LEVEL_DATABASE_NOT_OPEN',
  });

describe('an error of the state folder', () => {
  it.each([
    [level('LEVEL_LOCKED', 'IO error: lock LOCK: Resource temporarily unavailable'), 'STATE_LOCKED'],
    [level('LEVEL_IO_ERROR', 'IO error: 000005.log: No space left on device'), 'STATE_FULL'],
    [level('LEVEL_IO_ERROR', 'IO error: 000005.log: Disk quota exceeded'), 'STATE_FULL'],
    [level('LEVEL_IO_ERROR', 'IO error: LOCK: Permission denied'), 'FOLDER_UNREADABLE'],
    [level('LEVEL_CORRUPTION', 'Corruption: bad record'), 'STATE_CORRUPT'],
    [Object.assign(new Error('mkdir'), { code: 'ENOSPC' }), 'STATE_FULL'],
    [Object.assign(new Error('mkdir'), { code: 'EACCES' }), 'FOLDER_UNREADABLE'],
    // What comes from another thread has the shape of an error and is none.
    [{ ...level('', ''), message: 'x', cause: { code: 'LEVEL_LOCKED', message: 'lock' } }, 'STATE_LOCKED'],
  ])('%p is %s, and the message names the folder', (cause, code) => {
    expect(embeddedFailure(cause, '/home/ada/state')).toMatchObject({
      code,
      cause,
      message: expect.stringContaining('/home/ada/state'),
    });
  });

  it('is not what a bug is', () => {
    const bug = new TypeError('undefined is not a function');
    expect(embeddedFailure(bug, '/state')).toBe(bug);
  });
});
