import { Failure } from '../failure.ts';

/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly marker: string | undefined;
}

/**
 * All items of all pages. A missing or repeated marker is the end: RDS has been seen to repeat the last one.
 * Throws UPSTREAM_REFUSED after `maxPages`.
 */
export async function allPages<T>(
  what: string,
  maxPages: number,
  fetchPage: (marker: string | undefined) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let marker: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const page = await fetchPage(marker);
    for (const item of page.items ?? []) items.push(item);
    if (!page.marker || page.marker === marker) return items;
    marker = page.marker;
  }
  throw new Failure(
    'UPSTREAM_REFUSED',
    `The list of ${what} has more than ${maxPages} pages. Narrow the filter, or raise the limit of pages.`,
  );
}
