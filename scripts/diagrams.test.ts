import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { synthesizeAsWritten } from '../stacks/testing/synthesize.ts';
import { diagramFile, drawStack } from './diagrams.ts';

describe('pages that are made from the source', () => {
  test.each(Object.entries(synthesizeAsWritten()))(
    'the diagram of %s is fresh (npm run docs)',
    (name, json) => {
      expect(readFileSync(diagramFile(name), 'utf8')).toBe(drawStack(name, json));
      expect(drawStack(name, json)).toContain(' --> ');
    },
  );
});
