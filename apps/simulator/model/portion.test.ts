import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ByteReader } from './generation.ts';
import { PORTION_CAP_BYTES, readPortion, TRUNCATION_NOTICE, tailOffset } from './portion.ts';

const RULES = { capBytes: PORTION_CAP_BYTES, cutBytes: 'skip' } as const;
const NOTICE = `\n${TRUNCATION_NOTICE}\n`;

/** Reads of bytes in memory, at most `most` at a time; `read` counts the bytes. */
function memoryReader(bytes: Buffer, most = Number.POSITIVE_INFINITY): ByteReader & { bytesRead: number } {
  return {
    bytesRead: 0,
    async read(offset, length) {
      const part = bytes.subarray(offset, offset + Math.min(length, most));
      this.bytesRead += part.length;
      return part;
    },
    close: async () => undefined,
  };
}

/** Bytes with many newlines, so that lines are short. */
const fileBytes = fc
  .array(fc.oneof(fc.constant(10), fc.integer({ min: 0, max: 255 })), { maxLength: 400 })
  .map((bytes) => Buffer.from(bytes));

describe('readPortion', () => {
  it('gives portions that concatenate to the file, whatever the number of lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fileBytes,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 50 }),
        async (file, lines, most) => {
          const reader = memoryReader(file, most);
          const parts: Buffer[] = [];
          for (let offset = 0; offset < file.length; ) {
            const portion = await readPortion(reader, file.length, offset, lines, RULES);
            expect(portion.truncated).toBe(false);
            expect(portion.data.filter((byte) => byte === 10).length).toBeLessThanOrEqual(lines);
            expect(portion.next).toBe(offset + portion.data.length);
            expect(portion.next).toBeGreaterThan(offset);
            parts.push(portion.data);
            offset = portion.next;
          }
          expect(Buffer.concat(parts).equals(file)).toBe(true);
        },
      ),
    );
  });

  it('never carries more than the cap and only skips the rest of a line it cut', async () => {
    await fc.assert(
      fc.asyncProperty(fileBytes, fc.integer({ min: 1, max: 40 }), async (file, capBytes) => {
        for (let offset = 0; offset < file.length; ) {
          const { data, next, truncated } = await readPortion(memoryReader(file), file.length, offset, 1000, {
            ...RULES,
            capBytes,
          });
          const kept = truncated ? data.subarray(0, data.length - NOTICE.length) : data;
          expect(kept.length).toBeLessThanOrEqual(capBytes);
          expect(kept.equals(file.subarray(offset, offset + kept.length))).toBe(true);
          const skipped = file.subarray(offset + kept.length, next);
          expect(truncated || skipped.length === 0).toBe(true);
          expect(data.toString('latin1').endsWith(NOTICE)).toBe(truncated);
          expect(skipped.subarray(0, -1).includes(10)).toBe(false);
          expect(next === file.length || file[next - 1] === 10).toBe(true);
          offset = next;
        }
      }),
    );
  });

  it('stands at the cut where the rules keep the cut bytes', async () => {
    const file = Buffer.from('aaaaaaaa\nb\n');
    const portion = await readPortion(memoryReader(file), file.length, 0, 10, { capBytes: 4, cutBytes: 'keep' });
    expect(portion).toEqual({ data: Buffer.from(`aaaa${NOTICE}`), next: 4, truncated: true });
  });

  it('does not cut a line that ends right at the cap, or at the end of the file', async () => {
    const file = Buffer.from('aaa\nbbbb');
    const rules = { capBytes: 4, cutBytes: 'skip' } as const;
    expect(await readPortion(memoryReader(file), file.length, 0, 10, rules)).toMatchObject({
      next: 4,
      truncated: false,
    });
    expect(await readPortion(memoryReader(file), file.length, 4, 10, rules)).toMatchObject({
      next: 8,
      truncated: false,
    });
  });

  it('reads no more of a big file than the cap', async () => {
    const reader = memoryReader(Buffer.alloc(8 * PORTION_CAP_BYTES, 'line of log\n'));
    await readPortion(reader, 8 * PORTION_CAP_BYTES, 12_000, 10_000, RULES);
    expect(reader.bytesRead).toBe(PORTION_CAP_BYTES);
  });
});

describe('tailOffset', () => {
  it('finds the last lines, whether the file ends with a newline or not', async () => {
    await fc.assert(
      fc.asyncProperty(fileBytes, fc.integer({ min: 1, max: 9 }), async (file, lines) => {
        const text = file.toString('latin1');
        const all = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        const expected = all.slice(-lines).join('').length;
        expect(await tailOffset(memoryReader(file), file.length, lines, PORTION_CAP_BYTES)).toBe(
          file.length - expected,
        );
      }),
    );
  });

  it('begins at a line inside the last bytes it may look at', async () => {
    const file = Buffer.from('aaaaaaa\nbb\ncc\n');
    expect(await tailOffset(memoryReader(file), file.length, 100, 8)).toBe(8);
    expect(await tailOffset(memoryReader(Buffer.from('aaaaaaaaaaaa')), 12, 100, 8)).toBe(4);
  });
});
