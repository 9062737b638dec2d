import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Failure } from '../shared/failure.ts';
import { createOutput, reportFailure, writeBytes } from './output.ts';

function collector(options: { isTTY?: boolean } = {}) {
  let text = '';
  const stream = new Writable({
    write: (bytes, _encoding, done) => {
      text += bytes;
      done();
    },
  });
  return Object.assign(stream, options, { text: () => text });
}

describe('what a command says', () => {
  let stdout: ReturnType<typeof collector>;
  let stderr: ReturnType<typeof collector>;
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    [stdout, stderr] = [collector(), collector()];
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const said = () => [stdout.text(), stderr.text()];

  it('is lines on stdout and notes on stderr', () => {
    const output = createOutput({ json: false }, stdout, stderr);
    output.line('a result');
    output.item('item', { not: 'shown' });
    output.note('a note');
    expect(said()).toEqual(['a result\n', 'a note\n']);
  });

  it('is JSON lines alone on stdout with --json', () => {
    const output = createOutput({ json: true }, stdout, stderr);
    output.line('not shown');
    output.item('item', { a: 'two\nlines' });
    output.note('a note');
    expect(said()).toEqual(['{"message_type":"item","a":"two\\nlines"}\n', 'a note\n']);
  });

  it.each([
    [false, ['', '2 files\n3 files\n']],
    [true, ['{"message_type":"status","files":2}\n{"message_type":"status","files":3}\n', '']],
  ])('is one line of progress every 10 s where nobody watches, the first not at once (json: %j)', (json, expected) => {
    const output = createOutput({ json }, stdout, stderr);
    for (const [at, files] of [
      [0, 0],
      [9_999, 1],
      [10_000, 2],
      [19_000, 2.5],
      [20_000, 3],
    ] as const) {
      jest.setSystemTime(at);
      output.progress(`${files} files`, { files });
    }
    output.endProgress();
    expect(said()).toEqual(expected);
  });

  it('is one line that is redrawn on a terminal, and makes room for what stays', () => {
    const terminal = collector({ isTTY: true });
    const output = createOutput({ json: false }, stdout, terminal);
    output.progress('1 file');
    output.progress('2 files');
    output.note('a note');
    output.progress('3 files');
    output.endProgress();
    output.endProgress();
    expect(terminal.text()).toBe('\r\x1b[K1 file\r\x1b[K2 files\r\x1b[Ka note\n\r\x1b[K3 files\n');
  });
});

describe('reportFailure', () => {
  const failure = new Failure('STATE_LOCKED', 'In use. End the other one.', { details: { stateDir: 's' } });

  it('prints a failure in one line without a stack, and answers its exit code', () => {
    const stderr = collector();
    expect(reportFailure(failure, false, stderr)).toBe(11);
    expect(stderr.text()).toBe('error: In use. End the other one. (STATE_LOCKED)\n');
  });

  it('prints a JSON line with the code and the details with --json', () => {
    const stderr = collector();
    expect(reportFailure(failure, true, stderr)).toBe(11);
    const fields = { code: 'STATE_LOCKED', message: 'In use. End the other one.', stateDir: 's' };
    expect(JSON.parse(stderr.text())).toEqual({ message_type: 'exit_error', ...fields });
  });

  it.each([false, true])('keeps the stack of a bug (json: %j)', (json) => {
    const stderr = collector();
    expect(reportFailure(new TypeError('a bug'), json, stderr)).toBe(1);
    expect(stderr.text()).toMatch(/TypeError: a bug.*at /s);
    expect(reportFailure('not even an error', json, stderr)).toBe(1);
  });
});

describe('writeBytes', () => {
  it('waits until a slow reader has taken the bytes', async () => {
    const taken = Promise.withResolvers<void>();
    const slow = new Writable({ write: (_bytes, _encoding, done) => void taken.promise.then(() => done()) });
    let written: boolean | undefined;
    const writing = writeBytes(Buffer.from('x'), slow).then((ok) => {
      written = ok;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBeUndefined();
    taken.resolve();
    await writing;
    expect(written).toBe(true);
  });

  it('answers false when the reader has left', async () => {
    const gone = new Writable({ write: (_bytes, _encoding, done) => done(new Error('EPIPE')) });
    gone.on('error', () => {});
    expect(await writeBytes(Buffer.from('x'), gone)).toBe(false);
  });
});
