import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allocatable, needsOf, place } from './nodes.ts';
import { PER_NODE, pocPods } from './pods.ts';

const pod = fc.record({
  name: fc.constant('pod'),
  replicas: fc.integer({ min: 0, max: 8 }),
  cpu: fc.double({ min: 0.01, max: 5, noNaN: true }),
  memoryGib: fc.double({ min: 0.01, max: 20, noNaN: true }),
});

describe('placing pods on nodes', () => {
  test('every pod is on a node or left, and the nodes can hold what they got', () => {
    fc.assert(
      fc.property(fc.array(pod, { maxLength: 8 }), fc.integer({ min: 0, max: 6 }), (pods, maxNodes) => {
        const { nodes, left } = place(pods, 'm7g.xlarge', maxNodes);
        const asked = needsOf(pods);
        const remaining = needsOf(left);
        const room = allocatable('m7g.xlarge');
        expect(nodes).toBeLessThanOrEqual(maxNodes);
        expect(asked.cpu - remaining.cpu).toBeLessThanOrEqual(nodes * (room.cpu - PER_NODE.cpu) + 1e-6);
        expect(asked.memoryGib - remaining.memoryGib).toBeLessThanOrEqual(
          nodes * (room.memoryGib - PER_NODE.memoryGib) + 1e-6,
        );
      }),
    );
  });

  test('a pod that is larger than any node is left', () => {
    const huge = { name: 'huge', replicas: 2, cpu: 9, memoryGib: 1 };
    expect(place([huge], 'm7g.xlarge', 10)).toEqual({ nodes: 0, left: [huge] });
  });

  test('the pods of poc need no more than two of its nodes', () => {
    const { nodes, left } = place(pocPods(), 't4g.large', 2);
    expect({ nodes, left }).toEqual({ nodes: expect.any(Number), left: [] });
    expect(nodes).toBeLessThanOrEqual(2);
  });
});
