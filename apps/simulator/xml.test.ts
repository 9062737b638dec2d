import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeBytes, toXml } from './xml.ts';

const NAMES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#xD': '\r' };

describe('escapeBytes', () => {
  it('keeps every byte but the five it escapes, and can be undone', () => {
    const bytes = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('&<>"\r;amp'))));
    fc.assert(
      fc.property(bytes, (values) => {
        const escaped = escapeBytes(Uint8Array.from(values)).toString('latin1');
        expect(escaped).not.toMatch(/[<>"\r]|&(?!(amp|lt|gt|quot|#xD);)/);
        const undone = escaped.replace(/&([^;]+);/g, (_, name: string) => NAMES[name] ?? '?');
        expect(Buffer.from(undone, 'latin1').equals(Buffer.from(values))).toBe(true);
      }),
    );
  });
});

describe('toXml', () => {
  it('nests elements, repeats arrays, keeps attributes out of the end, and leaves out what has no value', () => {
    const xml = toXml({ 'A x="1"': { B: ['<', 2, true], C: undefined, D: {}, E: Buffer.from([0xff]) } });
    expect(xml.toString('latin1')).toBe('<A x="1"><B>&lt;</B><B>2</B><B>true</B><D></D><E>\xff</E></A>');
  });
});
