/** What an XML element holds: text, child elements by name (arrays repeat the element), or bytes that stay bytes. */
export type XmlValue = string | number | boolean | Uint8Array | undefined | { readonly [name: string]: XmlContent };
export type XmlContent = XmlValue | readonly XmlValue[];

const ESCAPES = ['&amp;', '&lt;', '&gt;', '&quot;', '&#xD;'].map((text) => Buffer.from(text));
const ESCAPED_BYTES = Buffer.from('&<>"\r');

/**
 * Serialises elements without a declaration, as RDS does. Text is escaped; elements without a value are left out.
 * Bytes go out as they are but for the five that XML cannot carry or would change: & < > " and carriage return.
 */
export function toXml(elements: { readonly [name: string]: XmlContent }): Buffer {
  const parts: Buffer[] = [];
  writeElements(parts, elements);
  return Buffer.concat(parts);
}

function writeElements(parts: Buffer[], elements: { readonly [name: string]: XmlContent }): void {
  for (const [name, content] of Object.entries(elements)) {
    for (const value of Array.isArray(content) ? content : [content]) writeElement(parts, name, value);
  }
}

function writeElement(parts: Buffer[], name: string, value: XmlValue): void {
  if (value === undefined) return;
  parts.push(Buffer.from(`<${name}>`));
  if (value instanceof Uint8Array) parts.push(escapeBytes(value));
  else if (typeof value === 'object') writeElements(parts, value);
  else parts.push(escapeBytes(Buffer.from(String(value))));
  // The name of an element ends where its attributes begin.
  parts.push(Buffer.from(`</${name.split(' ', 1)[0]}>`));
}

/** Escapes bytes for XML text, whatever they are in UTF-8. */
export function escapeBytes(bytes: Uint8Array): Buffer {
  const positions = Array.from(ESCAPED_BYTES, (byte) => nextIndex(bytes, byte, 0));
  const parts: Uint8Array[] = [];
  let from = 0;
  for (;;) {
    // Five searches by memchr are many times faster than a look at each byte.
    const at = Math.min(...positions);
    if (at === bytes.length) break;
    const which = positions.indexOf(at);
    parts.push(bytes.subarray(from, at), ESCAPES[which] ?? Buffer.alloc(0));
    from = at + 1;
    positions[which] = nextIndex(bytes, ESCAPED_BYTES[which] ?? 0, from);
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}

function nextIndex(bytes: Uint8Array, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index === -1 ? bytes.length : index;
}
