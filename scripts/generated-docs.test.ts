import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { synthesizeAsWritten } from '../stacks/testing/synthesize.ts';
import { diagramFile, drawStack } from './diagrams.ts';
import { currentPage, describeModule } from './module-reference.ts';

describe('pages that are made from the source', () => {
  test('the module reference is fresh (npm run docs:modules)', () => {
    expect(readFileSync(join(import.meta.dirname, '../docs/modules.md'), 'utf8')).toBe(currentPage());
  });

  test.each(Object.entries(synthesizeAsWritten()))(
    'the diagram of %s is fresh (npm run docs:diagrams)',
    (name, json) => {
      expect(readFileSync(diagramFile(name), 'utf8')).toBe(drawStack(name, json));
      expect(drawStack(name, json)).toContain(' --> ');
    },
  );

  test('an input is shown with its meaning', () => {
    const source = `
/** Props. */
export interface BoxProps {
  /** How wide, in metres. */
  readonly width: number;
  readonly colour?: 'red' | 'blue';
}

/** A box. */
export class Box extends Construct {}
`;
    expect(describeModule('box.ts', source)).toEqual({
      name: 'Box',
      file: 'box.ts',
      summary: 'A box.',
      props: [
        { name: 'width', type: 'number', text: 'How wide, in metres.' },
        { name: 'colour?', type: "'red' \\| 'blue'", text: '' },
      ],
    });
  });
});
