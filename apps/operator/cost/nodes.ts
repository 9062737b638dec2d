import { PER_NODE, type PodGroup } from './pods.ts';
import { instanceType } from './price-book.ts';

/** What a node leaves for pods: the reservations of EKS for kubelet and system. */
export function allocatable(type: string): { cpu: number; memoryGib: number } {
  const { vcpu, gib } = instanceType(type);
  const reservedCpu = 0.06 + 0.01 * Math.max(0, Math.min(vcpu, 2) - 1) + 0.005 * Math.max(0, Math.min(vcpu, 4) - 2);
  // 255 MiB and 11 MiB per possible pod, 100 MiB for eviction, and what the machine itself takes of its memory.
  const reservedGib = 0.35 + 0.011 * 35 + gib * 0.04;
  return { cpu: vcpu - reservedCpu, memoryGib: gib - reservedGib };
}

/** Sum of requests and of volumes. */
export function needsOf(pods: readonly PodGroup[]): { cpu: number; memoryGib: number; volumeGib: number } {
  const needs = { cpu: 0, memoryGib: 0, volumeGib: 0 };
  for (const { replicas, cpu, memoryGib, volumeGib = 0 } of pods) {
    needs.cpu += replicas * cpu;
    needs.memoryGib += replicas * memoryGib;
    needs.volumeGib += replicas * volumeGib;
  }
  return needs;
}

/** Where pods went: how many nodes they fill, and which of them found no room. */
export interface Placement {
  readonly nodes: number;
  readonly left: PodGroup[];
}

/**
 * Places pods on at most `maxNodes` nodes of a type, the largest first, each on the first node with room; what runs on
 * every node is taken off before. What has no room is left.
 */
export function place(pods: readonly PodGroup[], type: string, maxNodes: number): Placement {
  const whole = allocatable(type);
  const nodes: { cpu: number; memoryGib: number }[] = [];
  const left: PodGroup[] = [];
  for (const pod of [...pods].sort((a, b) => b.cpu - a.cpu)) {
    let placed = 0;
    for (; placed < pod.replicas; placed += 1) {
      let node = nodes.find((candidate) => candidate.cpu >= pod.cpu && candidate.memoryGib >= pod.memoryGib);
      const empty = { cpu: whole.cpu - PER_NODE.cpu, memoryGib: whole.memoryGib - PER_NODE.memoryGib };
      if (!node) {
        if (nodes.length >= maxNodes || pod.cpu > empty.cpu || pod.memoryGib > empty.memoryGib) break;
        node = empty;
        nodes.push(node);
      }
      node.cpu -= pod.cpu;
      node.memoryGib -= pod.memoryGib;
    }
    if (placed < pod.replicas) left.push({ ...pod, replicas: pod.replicas - placed });
  }
  return { nodes: nodes.length, left };
}
