import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { synthesizeAsWritten } from '../../stacks/testing/synthesize.ts';
import { closureOf, constructOf, directNeeds, type Graph, graphOf, type StackResource } from './stack-graph.ts';
import { renderStackPage, serviceOf } from './stack-page.ts';

const FOLDER = join(import.meta.dirname, '../../docs/diagrams');
const stacks = synthesizeAsWritten();

function resource(type: string, path: string, config: Record<string, unknown> = {}): StackResource {
  return { type, address: `${type}.${path.replaceAll('/', '_')}`, path: path.split('/'), config };
}

function graph(needs: Record<string, string[]>): Graph {
  return { members: new Map(), needs: new Map(Object.entries(needs).map(([name, list]) => [name, new Set(list)])) };
}

describe('the drawings of the stacks', () => {
  test.each(Object.keys(stacks))('%s is fresh (npm run docs)', (name) => {
    expect(readFileSync(join(FOLDER, `${name}.md`), 'utf8')).toBe(renderStackPage(name, stacks[name] ?? ''));
  });

  test('are there for every stack, and for nothing else', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(stacks).map((name) => `${name}.md`));
  });

  test('show that the processor adds to the archive and that discovery does not reach it', () => {
    const access = renderStackPage('poc', stacks['poc'] ?? '').split('## ')[2] ?? '';
    expect(access).toMatch(/aurora_logs_poc_processor -->\|"[^"]*AddToArchive"\| storage_archive_raw_bucket/);
    expect(access).not.toMatch(/aurora_logs_poc_discovery -->\|[^\n]*storage_archive/);
  });

  test('show that releases wait for nodes, add-ons and roles', () => {
    const order = renderStackPage('production', stacks['production'] ?? '').split('## ')[3] ?? '';
    for (const step of ['platform_karpenter', 'platform_addons_coredns', 'workloads']) {
      expect(order).toContain(`  ${step} --> releases`);
    }
    expect(order).toContain('  platform_addons_vpc_cni --> platform_system\n');
  });

  test('draw only arrows between boxes', () => {
    for (const json of Object.values(stacks)) {
      for (const chart of renderStackPage('any', json).split('```mermaid').slice(1)) {
        const boxes = new Set([...chart.matchAll(/^ {2}(\w+)\[/gm)].map(([, id]) => id));
        const ends = [...chart.matchAll(/^ {2}(\w+) -->(?:\|"[^"]*"\|)? (\w+)$/gm)].flatMap(([, from, to]) => [
          from,
          to,
        ]);
        expect(ends.length).toBeGreaterThan(0);
        expect(ends.filter((end) => !boxes.has(end))).toEqual([]);
      }
    }
  });

  test('refuse a type that belongs to no service', () => {
    expect(serviceOf('aws_route53_record')).toBe('Route 53');
    expect(serviceOf('aws_route_table')).toBe('VPC');
    expect(() => serviceOf('aws_quantum_computer')).toThrow('aws_quantum_computer belongs to no service yet');
  });
});

describe('the graph of a stack', () => {
  test('counts a resource with its construct, at most two levels deep', () => {
    expect(constructOf(resource('aws_s3_bucket', 'storage/archive/raw/bucket'))).toBe('storage/archive');
    expect(constructOf(resource('aws_vpc', 'network/vpc'))).toBe('network');
    expect(constructOf(resource('aws_x', 'alone'))).toBe('alone');
  });

  test('finds needs in arguments and in the order that is asked for', () => {
    const { needs } = graphOf(
      [
        resource('aws_a', 'one/a', { value: '${' + 'aws_b.two_b.arn}', depends_on: ['aws_c.three_c'] }),
        resource('aws_b', 'two/b', { own: 'aws_b.two_b', other: 'aws_z.unknown' }),
        resource('aws_c', 'three/c'),
      ],
      constructOf,
    );
    expect([...(needs.get('one') ?? [])]).toEqual(['two', 'three']);
    expect(needs.get('two')).toEqual(new Set());
  });

  test('leaves out a need that another one brings along', () => {
    const chain = graph({ roof: ['walls', 'ground'], walls: ['ground'], ground: [] });
    expect(directNeeds(chain, 'roof')).toEqual(['walls']);
    expect(closureOf(chain, 'roof')).toEqual(new Set(['walls', 'ground']));
  });

  test('keeps needs that go in a circle', () => {
    const circle = graph({ top: ['a', 'b'], a: ['b'], b: ['a'] });
    expect(directNeeds(circle, 'top')).toEqual(['a', 'b']);
  });
});
