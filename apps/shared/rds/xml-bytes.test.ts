import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unescapeXml } from './xml-bytes.ts';

const unescaped = (text: string | Buffer) => unescapeXml(Buffer.from(text as string));

/** Ways in which a writer may put a character into XML. */
const escapes: ((character: string) => string)[] = [
  (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[c] ?? c,
  (c) => `&#${c.codePointAt(0)};`,
  (c) => `&#x${c.codePointAt(0)?.toString(16)};`,
  (c) => `&#x00${c.codePointAt(0)?.toString(16).toUpperCase()};`,
];

describe('unescapeXml', () => {
  it('gives back any text, however its characters were escaped', () => {
    const character = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('a', '\n', '"', '&', '<', '\r', '\0') },
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const piece = fc.tuple(character, fc.nat(escapes.length - 1), fc.integer({ min: 1, max: 80 }));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.map(([c, , times]) => c.repeat(times)).join('');
        const xml = pieces.map(([c, how, times]) => (escapes[how]?.(c) ?? c).repeat(times)).join('');
        expect(unescaped(xml).toString()).toBe(text);
      }),
    );
  });

  it('leaves bytes without references and sections as they are, UTF-8 or not', () => {
    const plain = fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes.map((b) => (b === 0x26 ? 0 : b))));
    fc.assert(fc.property(plain, (bytes) => expect(unescaped(bytes)).toEqual(bytes)));
  });

  it.each([
    '&',
    '&&',
    '&;',
    '&#;',
    '&#x;',
    '&#xG;',
    '&#1a;',
    '&nbsp;',
    '&lt',
    '&#xD800;',
    '&#x110000;',
    '&#99999999999999999;',
    '& lt;',
    '&quote;',
    '&#X41;',
  ])('leaves %s as it is, and reads what follows', (text) => {
    expect(unescaped(`${text} &lt;`).toString()).toBe(`${text} <`);
  });

  it('takes CDATA sections literally, also one that is not closed', () => {
    expect(unescaped('&lt;<![CDATA[&lt;<x>]]>&gt;<![CDATA[]]]]><![CDATA[>&amp;').toString()).toBe('<&lt;<x>>]]>&amp;');
  });

  it('writes within the content, which it never outgrows', () => {
    const content = Buffer.from('a&quot;b');
    expect(unescapeXml(content).buffer).toBe(content.buffer);
  });
});
