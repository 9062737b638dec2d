import { describe, expect, test } from '@jest/globals';
import { synthesizeAll } from '../../stacks/testing/synthesize.ts';
import { adaptToSchemas, withoutTypes } from './adapt.ts';
import type { StackJson } from './plugins.ts';
import { MAX_UNSUPPORTED, UNSUPPORTED, unsupportedIn } from './unsupported.ts';

const stacks = synthesizeAll();
const stackOf = (name: string): StackJson => JSON.parse(stacks[name] ?? '');

describe('the lab', () => {
  test('leaves out at most twenty types of poc, all of them named', () => {
    const types = Object.keys(stackOf('poc').resource ?? {});
    const left = unsupportedIn(types);
    expect(left.length).toBeLessThanOrEqual(MAX_UNSUPPORTED);
    expect(types.length - left.length).toBeGreaterThan(40);
  });

  test.each(['bootstrap', 'poc'])('loses nothing of %s beside the named types', (name) => {
    const stack = stackOf(name);
    expect(withoutTypes(stack, Object.keys(UNSUPPORTED)).lostWithThem).toEqual([]);
    expect(unsupportedIn(Object.keys(stack.resource ?? {}))).toEqual([]);
  });

  test('tells what is lost with a type that others need', () => {
    const stack = stackOf('poc');
    const { lostWithThem } = withoutTypes(stack, ['aws_sqs_queue']);
    expect(lostWithThem.map((address) => address.split('.')[0]).sort()).toEqual([
      'aws_cloudwatch_event_target',
      'aws_sqs_queue_policy',
    ]);
  });

  test('takes outputs and orders of what is gone away with it', () => {
    const stack: StackJson = {
      '//': { outputs: { s: { 'output-a': 'a', 'output-b': 'b' } } },
      terraform: { required_providers: {} },
      resource: { x_a: { one: {} }, x_b: { two: { depends_on: ['x_a.one'] } } },
      output: { a: { value: '${' + 'x_a.one.id}' }, b: { value: 'fixed' } },
    };
    withoutTypes(stack, ['x_a']);
    expect(stack.resource).toEqual({ x_b: { two: { depends_on: [] } } });
    expect(Object.keys(stack.output ?? {})).toEqual(['b']);
    expect(stack['//']?.outputs).toEqual({ s: { 'output-b': 'b' } });
  });

  test('removes the arguments that an older plugin does not know, and names them', () => {
    const stack: StackJson = {
      terraform: { required_providers: { x: { source: 'hashicorp/x', version: '6.0.0' } } },
      resource: { x_a: { one: { name: 'n', newer: 1, part: [{ known: 1, unknown: 2 }], depends_on: [] } } },
    };
    const block = {
      attributes: { name: {} },
      block_types: { part: { nesting_mode: 'list', block: { attributes: { known: {} } } } },
    };
    const schema = { provider: { block: {} }, resource_schemas: { x_a: { block } } };
    expect(adaptToSchemas(stack, { x: schema }, { x: '5.0.0' })).toEqual(['x_a.newer', 'x_a.part.unknown']);
    expect(stack.resource?.['x_a']?.['one']).toEqual({ name: 'n', part: [{ known: 1 }], depends_on: [] });
    expect(stack.terraform.required_providers['x']?.version).toBe('5.0.0');
  });
});
