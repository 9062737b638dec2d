import { describe, expect, it } from '@jest/globals';
import { MARIADB_FLAVOUR } from './mariadb-workload.ts';
import { POSTGRESQL_FLAVOUR } from './postgresql-workload.ts';
import { seededRandom } from './random.ts';
import { longStatement, MYSQL, POSTGRESQL } from './statements.ts';
import { nextSession, type Role } from './workload.ts';

const sessions = (flavour: typeof MARIADB_FLAVOUR, role: Role, seed = 1) =>
  Array.from({ length: 200 }, (_, index) => nextSession(flavour, role, seed, index, 1));

describe.each([
  ['MariaDB', MARIADB_FLAVOUR],
  ['PostgreSQL', POSTGRESQL_FLAVOUR],
] as const)('sessions for %s', (_, flavour) => {
  it('are the same for the same seed and others for another', () => {
    expect(sessions(flavour, 'writer')).toEqual(sessions(flavour, 'writer'));
    expect(sessions(flavour, 'writer', 2)).not.toEqual(sessions(flavour, 'writer'));
  });

  it('come from several users in several databases, in several scripts', () => {
    const all = sessions(flavour, 'writer');
    expect(new Set(all.map(({ user }) => user)).size).toBeGreaterThan(4);
    expect(new Set(all.map(({ database }) => database)).size).toBe(3);
    const text = all.map(({ sql }) => sql).join('');
    for (const script of [
      /\p{Script=Han}/u,
      /\p{Script=Cyrillic}/u,
      /\p{Script=Arabic}/u,
      /\p{Script=Hangul}/u,
      /\p{Emoji_Presentation}/u,
    ]) {
      expect(text).toMatch(script);
    }
  });

  it('write only where the instance is a writer, but for mistakes that are refused', () => {
    const text = sessions(flavour, 'reader')
      .map(({ sql }) => sql)
      .join('');
    expect(text).not.toMatch(/^(UPDATE|DELETE|INSERT INTO (?!products \(sku, title, price\)))/m);
  });
});

describe('literals', () => {
  it('hold quotes and backslashes as each server reads them', () => {
    expect(MYSQL.text(`it's \\ 1`)).toBe(`'it\\'s \\\\ 1'`);
    expect(POSTGRESQL.text(`it's \\ 1`)).toBe(`'it''s \\ 1'`);
  });
});

describe('longStatement', () => {
  it('is between 10 and 200 KB long', () => {
    const sizes = Array.from({ length: 50 }, (_, seed) => Buffer.byteLength(longStatement(seededRandom(seed), MYSQL)));
    expect(Math.min(...sizes)).toBeGreaterThan(10_000);
    expect(Math.max(...sizes)).toBeLessThan(203_000);
    expect(Math.max(...sizes)).toBeGreaterThan(100_000);
  });
});
