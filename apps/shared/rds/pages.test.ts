import { describe, expect, it } from '@jest/globals';
import { allPages, type Page } from './pages.ts';

const serve = (pages: Record<string, Page<number>>) => async (marker: string | undefined) =>
  pages[marker ?? 'first'] ?? { items: [-1], marker: undefined };

describe('allPages', () => {
  it.each<[string, Record<string, Page<number>>]>([
    ['a missing marker', { first: { items: [1], marker: 'b' }, b: { items: [2], marker: undefined } }],
    ['an empty marker', { first: { items: [1], marker: 'b' }, b: { items: [2], marker: '' } }],
    ['a repeated marker', { first: { items: [1], marker: 'b' }, b: { items: [2], marker: 'b' } }],
    ['a page without a list', { first: { items: [1, 2], marker: 'b' }, b: { items: undefined, marker: undefined } }],
  ])('ends with %s', async (_what, pages) => {
    await expect(allPages('x', 10, serve(pages))).resolves.toEqual([1, 2]);
  });

  it('fails rather than answering a part of too many pages', async () => {
    let n = 0;
    const endless = async () => ({ items: [n], marker: String(n++) });
    await expect(allPages('rds:DescribeDBLogFiles', 3, endless)).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    expect(n).toBe(3);
  });

  it('takes a page of any length', async () => {
    const items = Array.from({ length: 300_000 }, (_, i) => i);
    await expect(allPages('x', 1, async () => ({ items, marker: undefined }))).resolves.toHaveLength(300_000);
  });
});
