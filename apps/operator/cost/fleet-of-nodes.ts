import type { EnvironmentDesign } from '../../../stacks/environments.ts';
import type { Choices, Flows } from './flows.ts';
import { instanceLine, type Line, line, MONTH_HOURS } from './line.ts';
import { needsOf, place } from './nodes.ts';
import { type PodGroup, pocPods, productionPods } from './pods.ts';
import { instanceType } from './price-book.ts';

/** Types that Karpenter is assumed to choose: two of the largest pods share one; processors alone take the small one. */
const STEADY_TYPE = 'm7g.xlarge';
const SPOT_TYPE = 'm7g.large';
const MOST_NODES = 1000;

/** The nodes under the pods: those of the stack's fixed group, and those that Karpenter adds. */
export interface NodeFleet {
  readonly fixedNodes: number;
  readonly steadyNodes: number;
  readonly spotNodes: number;
  readonly nodes: number;
  readonly vcpus: number;
  /** GiB of volumes that pods claim. */
  readonly volumeGib: number;
}

/** Places the pods that the load needs. Throws when the fixed group cannot hold them and nothing adds nodes. */
export function nodeFleetOf(design: EnvironmentDesign, flows: Flows, choices: Choices): NodeFleet {
  const { nodes: group, karpenterMaxVcpu } = design.kubernetes;
  const type = String(group.instanceTypes[0]);
  const pods = design.search.mode === 'single' ? pocPods() : productionPods(flows, choices.codec);
  const { volumeGib } = needsOf(pods);
  const fleet = karpenterMaxVcpu === 0 ? fixedOnly(pods, type, group) : withKarpenter(pods, type, group.desired);
  const vcpus =
    fleet.fixedNodes * instanceType(type).vcpu +
    fleet.steadyNodes * instanceType(STEADY_TYPE).vcpu +
    fleet.spotNodes * instanceType(SPOT_TYPE).vcpu;
  return { ...fleet, nodes: fleet.fixedNodes + fleet.steadyNodes + fleet.spotNodes, vcpus, volumeGib };
}

function fixedOnly(pods: readonly PodGroup[], type: string, group: { desired: number; max: number }) {
  const { nodes, left } = place(pods, type, group.max);
  if (left.length > 0) throw new Error(`${group.max} x ${type} cannot hold ${left.map(({ name }) => name).join(', ')}`);
  return { fixedNodes: Math.max(nodes, group.desired), steadyNodes: 0, spotNodes: 0 };
}

function withKarpenter(pods: readonly PodGroup[], type: string, fixedNodes: number) {
  const share = (pod: PodGroup) => Math.round(pod.replicas * (pod.spotShare ?? 0));
  const steady = pods.map((pod) => ({ ...pod, replicas: pod.replicas - share(pod) }));
  const interruptible = pods.map((pod) => ({ ...pod, replicas: share(pod) }));
  const overflow = place(steady, type, fixedNodes).left;
  return {
    fixedNodes,
    steadyNodes: place(overflow, STEADY_TYPE, MOST_NODES).nodes,
    spotNodes: place(interruptible, SPOT_TYPE, MOST_NODES).nodes,
  };
}

/** Karpenter's nodes and the volumes of the pods; the fixed group is a resource of the stack. */
export function fleetLines(fleet: NodeFleet, diskGib: number): Line[] {
  const { steadyNodes, spotNodes, volumeGib } = fleet;
  const lines = [line('Volumes', 'volumes of Kafka, OpenObserve and the platform', 'ebs.gp3', volumeGib)];
  if (steadyNodes + spotNodes === 0) return lines;
  return [
    instanceLine(`Karpenter, ${steadyNodes} x ${STEADY_TYPE} on demand`, STEADY_TYPE, steadyNodes * MONTH_HOURS, 0),
    instanceLine(`Karpenter, ${spotNodes} x ${SPOT_TYPE} spot`, SPOT_TYPE, spotNodes * MONTH_HOURS, 1),
    line('Volumes', 'root volumes of Karpenter nodes', 'ebs.gp3', (steadyNodes + spotNodes) * diskGib),
    ...lines,
  ];
}
