import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { addCost } from '../../apps/operator/commands/cost.ts';
import { addDoctor } from '../../apps/operator/commands/doctor.ts';
import { ENVIRONMENTS } from '../../stacks/environments.ts';
import { bootstrapInputsSchema, inputsSchema, variableName } from '../../stacks/inputs.ts';
import { exampleEnvironment, synthesizeAsWritten, synthesizeEnvironment } from '../../stacks/testing/synthesize.ts';
import { deployTables } from './deploy-tables.ts';

const ROOT = join(import.meta.dirname, '../..');
const guide = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const stacks = synthesizeAsWritten();
const everyStack = Object.values(stacks).join('\n');

/** Every line of a code block and every piece of inline code. */
const code = guide.split('```').flatMap((part, index) => {
  if (index % 2 === 1) return part.split('\n').filter((line) => line !== '');
  return [...part.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? '');
});

/** What follows a program in the guide, one list of words for each time it is run. */
function callsOf(program: string): string[][] {
  const runs = code
    .map((line) => line.replace(/^(?:[A-Z_]+=\S+ )+/, ''))
    .filter((line) => line.startsWith(`${program} `));
  return runs.map((line) => line.slice(program.length).trim().split(/\s+/));
}

const flagsOf = (words: readonly string[]) => words.filter((word) => word.startsWith('--'));

/** The stack of an account of the fleet, which the example inputs do not have. */
const isStack = (name: string) => name in stacks || /^fleet-\d{12}$/.test(name);

describe('the deployment guide', () => {
  test('has the tables of this release (npm run docs)', () => {
    for (const [name, table] of Object.entries(deployTables(stacks))) {
      const part = guide.split(`<!-- generated: ${name} -->`)[1]?.split('<!-- end -->')[0]?.trim();
      expect(part).toBe(table);
    }
  });

  test('runs only npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const names = callsOf('npm run').map(([name]) => name);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !Object.keys(scripts).includes(name ?? ''))).toEqual([]);
  });

  test('names only commands, stacks and flags that cdktf knows', () => {
    const cdktf = join(ROOT, 'node_modules/cdktf-cli/bundle/bin/cdktf.js');
    const calls = callsOf('npx cdktf');
    expect(calls.length).toBeGreaterThan(8);
    const commands = [...new Set(calls.map(([command]) => command ?? ''))];
    const known = new Map(
      commands.map((command) => {
        const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
        const help = execFileSync(process.execPath, [cdktf, command, '--help'], {
          encoding: 'utf8',
          env,
          stdio: 'pipe',
        });
        expect(help).toMatch(new RegExp(`^cdktf(?:\\.js)? ${command}\\b`));
        return [command, help];
      }),
    );
    for (const [command = '', ...words] of calls) {
      const names = words.filter((word) => !word.startsWith('--'));
      expect(names.filter((name) => !isStack(name))).toEqual([]);
      for (const flag of flagsOf(words)) expect(known.get(command)).toContain(` ${flag} `);
    }
    for (const flag of code.filter((text) => /^--[a-z-]+$/.test(text))) expect(known.get('deploy')).toContain(flag);
  }, 60_000);

  test('names only commands, stacks and flags that aurora-logs knows', () => {
    const program = new Command('aurora-logs');
    addDoctor(program, ROOT);
    addCost(program, ROOT);
    const calls = callsOf('npx aurora-logs');
    expect(calls.length).toBeGreaterThan(4);
    for (const [name, ...words] of calls) {
      const command = program.commands.find((one) => one.name() === name);
      expect({ name, known: command !== undefined }).toEqual({ name, known: true });
      const options = command?.options.map(({ long }) => long) ?? [];
      expect(flagsOf(words).filter((flag) => !options.includes(flag))).toEqual([]);
      expect(words.filter((word) => !word.startsWith('--') && !isStack(word))).toEqual([]);
    }
  });

  test('names only variables that are read', () => {
    const keys = Object.keys(inputsSchema.shape);
    const known = new Set([
      ...keys.map((key) => variableName(key)),
      ...Object.keys(ENVIRONMENTS).flatMap((name) => keys.map((key) => variableName(key, name))),
      ...Object.keys(bootstrapInputsSchema.shape).map((key) => variableName(key, 'bootstrap')),
    ]);
    const named = new Set(guide.match(/AURORA_LOGS_[A-Z_]+/g));
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });

  test('prints only names that the stacks give', () => {
    const named = new Set(guide.replaceAll('<account>', '111122223333').match(/aurora-logs[-/][\w-]+/g));
    expect(named.size).toBeGreaterThan(8);
    expect([...named].filter((name) => !everyStack.includes(name))).toEqual([]);
  });

  test('gives aws the node group that poc has', () => {
    const groups = [...guide.matchAll(/--nodegroup-name (\S+)/g)].map(([, name]) => name);
    const { resource } = JSON.parse(stacks['poc'] ?? '');
    const [group] = Object.values(resource.aws_eks_node_group) as { node_group_name: string }[];
    expect(new Set(groups)).toEqual(new Set([group?.node_group_name]));
  });

  test('links only to what is there', () => {
    const targets = [...guide.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target ?? '');
    expect(targets.filter((target) => !existsSync(join(ROOT, dirname('docs/deploy.md'), target)))).toEqual([]);
  });

  test('says that nothing runs in the cluster for as long as that is so', () => {
    const runs = everyStack.includes('"helm_release"') || existsSync(join(ROOT, 'apps/Dockerfile'));
    expect(guide.includes('Nothing runs in the cluster yet')).toBe(!runs);
  });

  test.each(['bootstrap', 'poc'])('counts the resources of %s as they are', (name) => {
    const { resource } = JSON.parse(stacks[name] ?? '') as { resource: Record<string, object> };
    const count = Object.values(resource).flatMap((byId) => Object.keys(byId)).length;
    expect(guide).toMatch(new RegExp(`\\b\\d+ of ${count} resources`));
  });

  test('tells the one field that takes the protection of production off', () => {
    const protectedBy = (json: string) =>
      json.match(
        /"(?:prevent_destroy|deletion_protection|deletion_protection_enabled|enable_deletion_protection)": true/g,
      );
    expect(protectedBy(synthesizeEnvironment(exampleEnvironment('production')))?.length).toBeGreaterThan(10);
    expect(protectedBy(synthesizeEnvironment(exampleEnvironment('production', { protected: false })))).toBeNull();
    expect(guide).toContain('`protected: false`');
  });
});
