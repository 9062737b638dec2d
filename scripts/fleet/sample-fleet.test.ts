import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { logKind } from '../../apps/shared/log-file.ts';
import { readFleetFile } from '../../apps/simulator/fleet-file.ts';
import { AURORA_MYSQL_HEAD } from './rewrite.ts';

const root = fileURLToPath(new URL('../../apps/simulator/sample-fleet/', import.meta.url));
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.parentPath !== root.slice(0, -1) && entry.parentPath !== root)
  .map((entry) => join(entry.parentPath, entry.name));

describe('the sample fleet', () => {
  it('stays small', () => {
    const sizes = files.map((file) => statSync(file).size);
    expect(Math.max(...sizes)).toBeLessThan(1e6);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4e6);
  });

  it('describes each of its instances in fleet.json', async () => {
    const instances = new Set(files.map((file) => relative(root, file).split('/')[0]));
    const described = await readFleetFile(root);
    expect(Object.keys(described.instances).sort()).toEqual([...instances].sort());
  });

  it('has every kind of log that Aurora has, and MySQL heads where Aurora writes them', () => {
    const kinds = files.map((file) => logKind(relative(root, file).split('/').slice(1).join('/')));
    expect(new Set(kinds)).toEqual(new Set(['slowquery', 'error', 'general', 'audit', 'postgresql']));
    for (const file of files.filter((name) => /slowquery|general/.test(name))) {
      expect(readFileSync(file, 'utf8').startsWith(AURORA_MYSQL_HEAD)).toBe(true);
    }
  });

  it('shows private addresses only, and nothing of the machine that made it', () => {
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      const addresses = text.match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? [];
      expect(addresses.filter((address) => !/^10\.|^127\.0\.0\.1$/.test(address))).toEqual([]);
      expect(text).not.toMatch(/\/tmp\/(?!mysql\.sock)|\/home\/|\/root\/|MariaDB|Debian/);
    }
  });
});
