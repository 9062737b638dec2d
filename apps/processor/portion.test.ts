import { describe, expect, it } from '@jest/globals';
import { judgePortion, parseMarker, TRUNCATION_NOTICE } from './portion.ts';

const portion = (text: string, marker: string | undefined) => ({ data: Buffer.from(text), marker, pending: false });
const NOTICE = TRUNCATION_NOTICE.toString();

describe('parseMarker', () => {
  it.each([
    ['12:1234', { segment: '12', offset: 1234 }],
    ['2024-01-04.9:0', { segment: '2024-01-04.9', offset: 0 }],
  ])('reads %s', (marker, expected) => expect(parseMarker(marker)).toEqual(expected));

  it.each(['', '0', undefined, '12:', ':5', '12:5x', '123:4'])('finds no offset in %p', (marker) =>
    expect(parseMarker(marker)).toBeUndefined(),
  );
});

describe('judgePortion', () => {
  it('takes bytes that the marker advanced by', () => {
    expect(judgePortion(100, portion('abc\n', '7:104'))).toEqual({
      kind: 'proven',
      data: Buffer.from('abc\n'),
      marker: { segment: '7', offset: 104 },
    });
  });

  it('counts bytes, not characters', () => {
    expect(judgePortion(0, portion('ü\n', '7:3')).kind).toBe('proven');
  });

  it('strips a notice only where the marker points right behind the delivered bytes', () => {
    const verdict = judgePortion(0, portion(`abc${NOTICE}`, '7:3'));
    expect(verdict).toMatchObject({ kind: 'proven', data: Buffer.from('abc') });
  });

  it.each([
    ['a marker that skips the bytes which were cut off', portion(`abc${NOTICE}`, '7:1000')],
    ['bytes that were delivered before', portion('xxabc\n', '7:4')],
    ['a skipped remainder just as long as the notice', portion(`abc${NOTICE}`, `7:${3 + NOTICE.length}`)],
    ['a marker without an offset', portion('abc\n', '0')],
    ['no marker', portion('abc\n', undefined)],
    ['a notice and nothing else', portion(NOTICE, '7:0')],
  ])('doubts %s', (_, answer) => expect(judgePortion(0, answer).kind).toBe('doubtful'));

  it('takes an answer without bytes as that, whatever its marker says', () => {
    expect(judgePortion(5, portion('', '')).kind).toBe('empty');
  });
});
