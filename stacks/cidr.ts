/** IPv4 ranges, as numbers. Pure. */
export interface Cidr {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** Reads `a.b.c.d/n`; undefined when it is not one, or when host bits are set (AWS refuses those too). */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

export function cidrsOverlap(left: Cidr, right: Cidr): boolean {
  return left.first <= right.last && right.first <= left.last;
}

/** The `index`-th range of `prefix` bits inside `parent`; throws RangeError when there is none. */
export function subnetOf(parent: Cidr, prefix: number, index: number): string {
  const size = 2 ** (32 - prefix);
  const first = parent.first + index * size;
  if (prefix < parent.prefix || first + size - 1 > parent.last) {
    throw new RangeError(`There is no range number ${index} of /${prefix} in a /${parent.prefix}.`);
  }
  const bytes = [first >>> 24, (first >>> 16) & 255, (first >>> 8) & 255, first & 255];
  return `${bytes.join('.')}/${prefix}`;
}
