import { assume, CODEC_SPEED, type Codec } from './assumptions.ts';
import type { Flows } from './flows.ts';

/** What some equal pods ask for. */
export interface PodGroup {
  readonly name: string;
  readonly replicas: number;
  /** Requests of one pod. */
  readonly cpu: number;
  readonly memoryGib: number;
  /** Volumes of one pod, gp3. */
  readonly volumeGib?: number;
  /** Share of the replicas (0 to 1) that may run on spot nodes. */
  readonly spotShare?: number;
}

/** Pods on every node: network plug-in, kube-proxy, volume driver, Pod Identity agent, Fluent Bit. */
export const PER_NODE = { cpu: 0.28, memoryGib: 0.35, pods: 5 } as const;

/** Controllers that any cluster of ours runs; replicas in production. */
function platform(replicas: number): PodGroup[] {
  return [
    { name: 'coredns', replicas: 2, cpu: 0.1, memoryGib: 0.07 },
    { name: 'volume driver', replicas, cpu: 0.06, memoryGib: 0.24 },
    { name: 'strimzi operators', replicas: 1, cpu: 0.2, memoryGib: 0.6 },
    { name: 'external secrets', replicas, cpu: 0.03, memoryGib: 0.1 },
  ];
}

/** poc: one of each, the requests of the charts. */
export function pocPods(): PodGroup[] {
  return [
    { name: 'discovery', replicas: 1, cpu: 0.1, memoryGib: 0.19 },
    { name: 'processor', replicas: 1, cpu: 0.5, memoryGib: 0.38 },
    { name: 'reconciler', replicas: 1, cpu: 0.05, memoryGib: 0.19 },
    { name: 'openobserve', replicas: 1, cpu: 0.25, memoryGib: 0.75, volumeGib: 20 },
    { name: 'kafka', replicas: 1, cpu: 0.25, memoryGib: 0.75, volumeGib: 10 },
    ...platform(1),
  ];
}

const PROCESSOR = { cpu: 0.5, memoryGib: 0.38 };
const PROCESSOR_REPLICAS = { min: 3, max: 50 };
// Two of them share a node of 4 vCPU and 16 GiB.
const INGESTER = { cpu: 1.75, memoryGib: 7, volumeGib: 50 };

/** Mean number of processors: what the load needs, at least three. */
function processorReplicas(flows: Flows, codec: Codec): number {
  const perPod = CODEC_SPEED[codec] * PROCESSOR.cpu * assume('processorUtilization');
  const { min, max } = PROCESSOR_REPLICAS;
  return Math.min(max, Math.max(min, Math.ceil(flows.rawMbPerSecond / perPod)));
}

/** Ingesters of OpenObserve, at least three: sized for the mean load with room for bursts. */
function ingesterReplicas(flows: Flows): number {
  const perPod = assume('ingestMbPerVcpu') * INGESTER.cpu * assume('searchUtilization');
  return Math.max(3, Math.ceil(flows.ndjsonMbPerSecond / perPod));
}

/** production: mean replicas at the given load. */
export function productionPods(flows: Flows, codec: Codec): PodGroup[] {
  return [
    { name: 'discovery', replicas: 2, cpu: 0.1, memoryGib: 0.19 },
    { name: 'processor', replicas: processorReplicas(flows, codec), ...PROCESSOR, spotShare: 0.8 },
    { name: 'reconciler', replicas: 2, cpu: 0.1, memoryGib: 0.25 },
    { name: 'kafka broker', replicas: 3, cpu: 1, memoryGib: 4, volumeGib: 100 },
    { name: 'kafka controller', replicas: 3, cpu: 0.25, memoryGib: 1, volumeGib: 10 },
    { name: 'openobserve router', replicas: 2, cpu: 0.5, memoryGib: 0.5 },
    { name: 'openobserve ingester', replicas: ingesterReplicas(flows), ...INGESTER },
    { name: 'openobserve querier', replicas: 2, cpu: 1.75, memoryGib: 7, volumeGib: 50 },
    { name: 'openobserve compactor', replicas: 2, cpu: 1, memoryGib: 3.5 },
    { name: 'nats', replicas: 3, cpu: 0.1, memoryGib: 0.25, volumeGib: 10 },
    { name: 'prometheus', replicas: 2, cpu: 0.25, memoryGib: 1.5, volumeGib: 50 },
    { name: 'karpenter and keda', replicas: 2, cpu: 0.3, memoryGib: 0.6 },
    ...platform(2),
  ];
}
