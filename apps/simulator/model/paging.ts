import { RdsError } from './rds-error.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; absent on the last. */
  readonly marker: string | undefined;
}

/**
 * One page of `items`, in the order of their keys. The marker is the last key of the page, so that items which come
 * and go between two calls neither shift nor repeat the rest.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  marker: string | undefined,
  size: number,
): Page<Item> {
  const sorted = [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = marker === undefined ? sorted : sorted.filter((item) => keyOf(item) > marker);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { items: page, marker: rest.length > size && last !== undefined ? keyOf(last) : undefined };
}

/** MaxRecords of a Describe call: 20 to 100, 100 when absent. */
export function maxRecords(value: number | undefined): number {
  if (value === undefined) return 100;
  if (value < 20 || value > 100) {
    throw new RdsError('InvalidParameterValue', `MaxRecords is ${value}: it must be between 20 and 100.`);
  }
  return value;
}
