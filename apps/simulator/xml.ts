/** What an XML element holds: text, child elements by name (arrays repeat the element), or bytes that stay bytes. */
export type XmlValue = string | number | boolean | Uint8Array | undefined | { readonly [name: string]: XmlContent };
export type XmlContent = XmlValue | readonly XmlValue[];

const ESCAPES = new Map<number, Buffer>([
  [0x26, Buffer.from('&amp;')],
  [0x3c, Buffer.from('&lt;')],
  [0x3e, Buffer.from('&gt;')],
  [0x22, Buffer.from('&quot;')],
  [0x0d, Buffer.from('&#xD;')],
]);
const IS_ESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => (ESCAPES.has(byte) ? 1 : 0));

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
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (IS_ESCAPED[bytes[at] ?? 0] === 0) continue;
    parts.push(bytes.subarray(from, at), ESCAPES.get(bytes[at] ?? 0) ?? Buffer.alloc(0));
    from = at + 1;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}
