import { ENVIRONMENTS, type EnvironmentDesign } from '../../../stacks/environments.ts';
import { Failure } from '../../shared/failure.ts';
import { accountLines } from './account-lines.ts';
import { choicesOf } from './choices.ts';
import { fleetLines, type NodeFleet, nodeFleetOf } from './fleet-of-nodes.ts';
import { type FlowContext, flowLines } from './flow-lines.ts';
import { type Choices, type Flows, flowsOf, type Volume } from './flows.ts';
import { type Line, MONTH_HOURS } from './line.ts';
import type { Resource } from './resource.ts';
import { linesOf } from './resources.ts';
import { awakeShare } from './sleep.ts';
import { resourcesOf, type StackFile } from './synthesized.ts';

/** A month of an environment. */
export interface Estimate {
  readonly environment: string;
  readonly volume: Volume;
  readonly choices: Choices;
  readonly flows: Flows;
  readonly fleet: NodeFleet;
  /** Share of the month (0 to 1) in which nodes and source run. */
  readonly awake: number;
  /** What the environment's own stack and its load cost. */
  readonly lines: readonly Line[];
  /** What the account's security services and `bootstrap` cost because of it. */
  readonly accountWide: readonly Line[];
  /** What the environment may cost a month by its own description. */
  readonly budgetUsd: number;
  /** The lines that depend on the load, had other choices been made. */
  readonly withChoices: (changed: Partial<Choices>) => Line[];
}

/** The reference fleet for an environment that watches one; a little load for one that watches its own cluster. */
export function defaultVolume(design: EnvironmentDesign): Volume {
  return design.watches.kind === 'fleet' ? { tbPerMonth: 100, instances: 316 } : { tbPerMonth: 0.01, instances: 1 };
}

/** The description of an environment by its name; throws NOT_FOUND that lists the names. */
export function designOf(name: string): EnvironmentDesign {
  const design = ENVIRONMENTS[name];
  if (design) return design;
  const names = Object.keys(ENVIRONMENTS).join(', ');
  throw new Failure('NOT_FOUND', `There is no environment "${name}"; there are ${names}.`);
}

/** Prices an environment from the synthesized stacks. Pure; throws for a resource type that nobody priced. */
export function estimateOf(name: string, stacks: ReadonlyMap<string, StackFile>, volume?: Volume): Estimate {
  const design = designOf(name);
  const resources = stackResources(stacks, name);
  const account = stackResources(stacks, 'bootstrap');
  const choices = choicesOf(design, resources);
  const context = contextOf(design, resources, volume ?? defaultVolume(design), choices);
  const { fleet, awake } = context;
  const around = { resources, awakeHours: awake * MONTH_HOURS, fixedNodes: fleet.fixedNodes };
  return {
    environment: name,
    volume: volume ?? defaultVolume(design),
    choices,
    flows: context.flows,
    fleet,
    awake,
    budgetUsd: design.budgetUsd,
    lines: [...resources.flatMap((resource) => linesOf(resource, around)), ...loadLines(design, context)],
    accountWide: [
      ...account.flatMap((resource) => linesOf(resource, { ...around, resources: account })),
      ...accountLines(context, account),
    ],
    withChoices: (changed) => {
      const other = contextOf(design, resources, volume ?? defaultVolume(design), { ...choices, ...changed });
      return [...loadLines(design, other), ...accountLines(other, account)];
    },
  };
}

function contextOf(
  design: EnvironmentDesign,
  resources: readonly Resource[],
  volume: Volume,
  choices: Choices,
): FlowContext {
  const flows = flowsOf(volume, choices);
  const fleet = nodeFleetOf(design, flows, choices);
  return {
    flows,
    choices,
    instances: volume.instances,
    fleet,
    resources,
    awake: awakeShare(design.sleep),
    auditDays: design.retention.auditDays,
  };
}

function loadLines(design: EnvironmentDesign, context: FlowContext): Line[] {
  return [...fleetLines(context.fleet, design.kubernetes.nodes.diskGib), ...flowLines(context)];
}

function stackResources(stacks: ReadonlyMap<string, StackFile>, name: string): Resource[] {
  const stack = stacks.get(name);
  if (stack) return resourcesOf(stack);
  const names = [...stacks.keys()].join(', ');
  throw new Failure('NOT_FOUND', `The app synthesizes no stack "${name}"; it has ${names}.`);
}
