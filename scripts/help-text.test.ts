import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { createProgram } from '../apps/operator/main.ts';
import { helpText } from './help-text.ts';

const root = new URL('../', import.meta.url);

describe('the file help', () => {
  it('lists every npm script and every command as they are now; npm run help:write brings it up to date', async () => {
    const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
    expect(await readFile(new URL('help', root), 'utf8')).toBe(helpText(manifest.scripts, await createProgram()));
  });

  it('has a line for each command with what it takes', () => {
    const program = new Command('aurora-logs');
    program.command('restore').argument('<instance>').description('Gives a file back. All of it.');
    expect(helpText({ test: '' }, program)).toContain('  restore <instance>  gives a file back\n');
  });

  it('refuses a script that nobody explained', () => {
    expect(() => helpText({ mystery: '' }, new Command())).toThrow('npm run mystery');
  });
});
