import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'docs/decisions');
/** Decisions on the infrastructure. */
const pages = readdirSync(FOLDER).filter((file) => /^01\d\d-/.test(file));

function sources(folder: string): { path: string; text: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

describe('a decision on the infrastructure', () => {
  test.each(pages)('%s is one page that says what and why, under its own number', (file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    expect(text).toMatch(new RegExp(`^# ${file.slice(0, 4)}: \\S`));
    expect(text).toContain('**Decided.**');
    expect(text).toMatch(/\*\*(Why|The move)/);
    expect(text.split('\n').length).toBeLessThan(60);
  });

  test('has a number that no other has', () => {
    expect(pages.length).toBeGreaterThan(8);
    expect(new Set(pages.map((file) => file.slice(0, 4))).size).toBe(pages.length);
  });
});

describe('the move to cdktn (decision 0106)', () => {
  const imports = ['stacks', 'constructs', 'scripts']
    .flatMap(sources)
    .flatMap(({ path, text }) =>
      [...text.matchAll(/from '(@?cdktf[^']*)';$/gm)].map(([, from]) => ({ path, from: from ?? '' })),
    );

  test('is a change of names, because nothing is imported in another way', () => {
    expect(imports.length).toBeGreaterThan(100);
    const renamed = /^(?:cdktf|@cdktf\/provider-(?:aws|helm|kubernetes)\/lib\/[\w-]+\/index\.js)$/;
    expect(imports.filter(({ from }) => !renamed.test(from))).toEqual([]);
  });

  test('leaves what cdktf lacks in the two files that it names', () => {
    const overriding = ['stacks', 'constructs'].flatMap(sources).filter(({ text }) => text.includes('.addOverride('));
    const decision = readFileSync(join(FOLDER, '0106-cdktf-and-cdktn.md'), 'utf8');
    const named = ['stacks/providers.ts', 'constructs/web-firewall.ts'];
    expect(overriding.map(({ path }) => path)).toEqual(named.map((file) => join(ROOT, file)));
    for (const file of named) expect(decision).toContain(`\`${file}\``);
  });
});
