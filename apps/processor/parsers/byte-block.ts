/**
 * A buffer and a view on the same bytes: the view reads and writes four unaligned bytes at once.
 * Words that begin at a byte in use may reach SLACK_BYTES beyond the last byte in use; blocks have room for that.
 */
export interface ByteBlock {
  readonly bytes: Buffer;
  readonly view: DataView;
}

const SLACK_BYTES = 4;

/** A block for `size` bytes, their values undefined. */
export function createByteBlock(size: number): ByteBlock {
  const bytes = Buffer.allocUnsafeSlow(size + SLACK_BYTES);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** A block for at least `size` bytes with the first `used` bytes of `block`; `block` itself if it is large enough. */
export function grown(block: ByteBlock, used: number, size: number): ByteBlock {
  if (block.bytes.length >= size + SLACK_BYTES) return block;
  const larger = createByteBlock(Math.max(size, 2 * block.bytes.length));
  larger.bytes.set(block.bytes.subarray(0, used));
  return larger;
}

/**
 * The end of the text [from, to) without a character that is cut in the middle, so that a text can be cut anywhere.
 * Bytes that are no UTF-8 anyway are left alone.
 */
export function wholeCharactersEnd(bytes: Uint8Array, from: number, to: number): number {
  let lead = to - 1;
  while (lead > from && lead > to - 4 && ((bytes[lead] as number) & 0xc0) === 0x80) lead--;
  const byte = bytes[lead] as number;
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  return lead + length > to ? lead : to;
}
