import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FILE_NAMES, layOut } from './layout.ts';
import type { LogRewriter } from './rewrite.ts';
import { createClock, isoMicros, linesOf, loggedSeconds } from './timeline.ts';

/** A log of `<second> text` lines; lines that begin with a blank belong to the record before. */
const REWRITER: LogRewriter = {
  head: 'HEAD\n',
  bursts: false,
  timeOf: (line) => (/^\d/.test(line) ? Number.parseInt(line, 10) : undefined),
  startsRecord: (text) => /^\d/.test(text),
  rewrite: (line) => line,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layout-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeLog(text: string) {
  const path = join(folder, 'server.log');
  writeFileSync(path, text, 'latin1');
  return { path, bytes: Buffer.byteLength(text, 'latin1') };
}

describe('layOut', () => {
  const hour = 3_600_000;
  const told = { from: Date.parse('2026-11-20T18:30:00Z'), to: Date.parse('2026-11-20T20:30:00Z') };
  const stretch = { written: { from: 0, to: 4000 }, told };

  it('cuts a log into hours at record boundaries, with a head in each and the active name on the last', () => {
    const log = writeLog('0 a\n1 b\n more of b\n2 c\n3 d\n more of d\n');
    layOut(log, folder, REWRITER, stretch, FILE_NAMES.slowquery);
    const files = readdirSync(join(folder, 'slowquery')).sort();
    expect(files).toEqual([
      'mysql-slowquery.log',
      'mysql-slowquery.log.2026-11-20.18',
      'mysql-slowquery.log.2026-11-20.19',
    ]);
    const texts = files.map((name) => readFileSync(join(folder, 'slowquery', name), 'latin1'));
    expect(texts).toEqual(['HEAD\n3 d\n more of d\n', 'HEAD\n0 a\n', 'HEAD\n1 b\n more of b\n2 c\n']);
    expect(statSync(join(folder, 'slowquery', files[1] ?? '')).mtimeMs).toBe(told.from);
  });

  it('keeps every byte of the complete lines, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 40 }), (lines) => {
        const text = lines.map((line, index) => `${index}${Buffer.from(line).toString('latin1')}`).join('\n');
        const log = writeLog(text);
        const target = mkdtempSync(join(folder, 'property-'));
        layOut(log, target, { ...REWRITER, head: '' }, stretch, (hour) => new Date(hour).toISOString());
        const laidOut = readdirSync(target)
          .sort()
          .map((name) => readFileSync(join(target, name), 'latin1'));
        expect(laidOut.join('')).toBe(text.slice(0, text.lastIndexOf('\n') + 1));
      }),
    );
  });

  it('leaves out what was written after the part that counts', () => {
    const log = writeLog('0 a\n1 b\n2 c\n');
    expect([...linesOf(log.path, 6)]).toEqual(['0 a\n']);
  });

  it('names PostgreSQL files by their hour and spreads audit entries over four files', () => {
    expect(FILE_NAMES.postgresql(told.from - (told.from % hour), true, '')).toBe(
      'error/postgresql.log.2026-11-20-1800',
    );
    const names = Array.from({ length: 50 }, (_, id) => FILE_NAMES.audit(0, true, `1,i,u,h,${id},0,CONNECT`));
    expect(new Set(names).size).toBe(4);
    expect(names[0]).toMatch(/^audit\/audit\.log\.[0-3]\.1970-01-01-00-00\.0$/);
  });
});

describe('createClock', () => {
  it('never goes back and stays within the time to be told', () => {
    const seconds = fc.array(fc.integer({ min: 90, max: 120 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(seconds, fc.boolean(), (written, bursts) => {
        const lines = written.map((second) => `${second} text\n`);
        const told = { from: 5_000, to: 900_000 };
        const clock = createClock(
          loggedSeconds(lines, REWRITER.timeOf),
          { written: { from: 100_000, to: 110_000 }, told },
          bursts,
        );
        let before = told.from * 1000;
        for (let offset = 0; offset < lines.join('').length; offset += 3) {
          const now = clock(offset);
          expect(now).toBeGreaterThanOrEqual(before);
          expect(now).toBeLessThan(told.to * 1000);
          before = now;
        }
      }),
    );
  });

  it('writes microseconds', () => {
    expect(isoMicros(1_795_208_645_123_456)).toBe('2026-11-20T21:04:05.123456Z');
  });
});
