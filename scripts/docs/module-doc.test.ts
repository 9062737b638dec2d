import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConstruct, readFunctions } from './construct-source.ts';
import { COMMON_MEANINGS, meaningOf, renderModules } from './module-doc.ts';
import { readConstructs } from './read-constructs.ts';

const ROOT = join(import.meta.dirname, '../..');
const modules = readConstructs(ROOT);

const BOX = `
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { Lid } from './lid.ts';

interface Sized {
  readonly width: number;
}
export interface BoxProps extends Sized {
  /** Painted
   * all over; \`red\` or blue. */
  readonly colour?: 'red' | 'blue';
  readonly hole: {
    readonly depth: number;
  };
  readonly tell: (text: string) => readonly string[];
}

/** A box. */
export class Box extends Construct {
  /** Where it stands. */
  readonly place: string;
  readonly ready: string[] = [];
  private readonly secret: string;

  constructor(scope: Construct, id: string, props: BoxProps) {
    super(scope, id);
    new S3Bucket(this, 'b', {});
    new Lid(this, 'lid', { colour: props.colour ?? 'red' });
  }
}
`.replace('interface Sized', 'export interface Sized');

describe('the module reference', () => {
  test('is fresh (npm run docs)', () => {
    expect(readFileSync(join(ROOT, 'docs/modules.md'), 'utf8')).toBe(renderModules(modules));
  });

  test('has a section for every class in constructs', () => {
    for (const { file, construct } of modules) {
      const isClass = readFileSync(join(ROOT, 'constructs', file), 'utf8').includes(' extends Construct {');
      expect({ file, read: construct !== undefined }).toEqual({ file, read: isClass });
    }
  });

  test('leaves no construct, prop, output or function without a meaning', () => {
    const silent = modules.flatMap(({ construct, functions }) => [
      ...(construct && !construct.meaning ? [construct.name] : []),
      ...[...(construct?.props ?? []), ...(construct?.outputs ?? [])]
        .filter((member) => meaningOf(member) === '')
        .map((member) => `${construct?.name}.${member.name}`),
      ...functions.filter(({ meaning }) => meaning === '').map(({ name }) => name),
    ]);
    expect(silent).toEqual([]);
  });

  test('explains no common name that nobody uses', () => {
    const members = modules.flatMap(({ construct }) => [...(construct?.props ?? []), ...(construct?.outputs ?? [])]);
    const silent = new Set(members.filter(({ meaning }) => meaning === '').map(({ name }) => name));
    expect(Object.keys(COMMON_MEANINGS).filter((name) => !silent.has(name))).toEqual([]);
  });
});

describe('reading a construct', () => {
  test('finds what it makes, what it is made of, its props and its outputs', () => {
    expect(readConstruct(BOX)).toEqual({
      name: 'Box',
      meaning: 'A box.',
      makes: ['aws_s3_bucket'],
      parts: ['Lid'],
      props: [
        { name: 'width', type: 'number', optional: false, meaning: '', fallback: undefined },
        {
          name: 'colour',
          type: "'red' | 'blue'",
          optional: true,
          meaning: 'Painted all over; `red` or blue.',
          fallback: "'red'",
        },
        { name: 'hole', type: '{ readonly depth: number; }', optional: false, meaning: '', fallback: undefined },
        {
          name: 'tell',
          type: '(text: string) => readonly string[]',
          optional: false,
          meaning: '',
          fallback: undefined,
        },
      ],
      outputs: [
        { name: 'place', type: 'string', optional: false, meaning: 'Where it stands.' },
        { name: 'ready', type: 'string[]', optional: false, meaning: '' },
      ],
    });
  });

  test('reads props that are written out in the constructor', () => {
    const source = BOX.replace('props: BoxProps', 'props: { readonly size: number; readonly name?: string }');
    expect(readConstruct(source)?.props.map(({ name, optional }) => [name, optional])).toEqual([
      ['size', false],
      ['name', true],
    ]);
  });

  test('refuses props that it cannot find', () => {
    expect(() => readConstruct(BOX.replace('interface BoxProps', 'interface Other'))).toThrow('no interface BoxProps');
  });

  test('finds functions where there is no class', () => {
    const source = '/** Adds. */\nexport function add(): number {\n}\nexport function bare(): void {}\n';
    expect(readConstruct(source)).toBeUndefined();
    expect(readFunctions(source)).toEqual([
      { name: 'add', meaning: 'Adds.' },
      { name: 'bare', meaning: '' },
    ]);
  });
});
