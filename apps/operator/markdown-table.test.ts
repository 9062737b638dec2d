import { describe, expect, test } from '@jest/globals';
import { markdownTable } from './markdown-table.ts';

describe('a Markdown table', () => {
  test('has columns of even width, also with letters beyond ASCII', () => {
    expect(
      markdownTable(
        ['what', 'n'],
        [
          ['ä', '10'],
          ['longer one', ''],
        ],
      ),
    ).toBe(['| what       | n   |', '| ---------- | --- |', '| ä          | 10  |', '| longer one |     |'].join('\n'));
  });

  test('aligns numbers to the right, and never the first column', () => {
    expect(markdownTable(['what', 'USD a month'], [['a', '1,310']], 'right')).toBe(
      ['| what | USD a month |', '| ---- | ----------: |', '| a    |       1,310 |'].join('\n'),
    );
  });

  test('fills a row that is short', () => {
    expect(markdownTable(['a', 'b'], [['1']])).toBe('| a   | b   |\n| --- | --- |\n| 1   |     |');
  });
});
