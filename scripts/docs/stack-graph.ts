/** A resource of a synthesized stack. */
export interface StackResource {
  readonly type: string;
  readonly address: string;
  /** Path of its construct without the name of the stack: `['storage', 'archive', 'raw', 'bucket']`. */
  readonly path: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
}

/** Constructs by the path of what they hold, and which needs which. */
export interface Graph {
  readonly members: ReadonlyMap<string, readonly StackResource[]>;
  /** By who needs: who is needed. Nothing needs itself. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The resources in Terraform's JSON of a stack, as cdktf writes it (with the paths of constructs). */
export function resourcesIn(json: string): StackResource[] {
  const { resource } = JSON.parse(json) as { resource: Record<string, Record<string, Record<string, unknown>>> };
  return Object.entries(resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, { '//': note, ...config }]) => {
      const { path } = (note as { metadata: { path: string } }).metadata;
      return { type, address: `${type}.${id}`, path: path.split('/').slice(1), config };
    }),
  );
}

/** The construct that a resource is counted with: at most two levels deep, and never the resource itself. */
export function constructOf({ path }: StackResource): string {
  return path.slice(0, Math.min(2, Math.max(1, path.length - 1))).join('/');
}

/** References in arguments and in `depends_on`, between what `nameOf` puts together. */
export function graphOf(resources: readonly StackResource[], nameOf: (resource: StackResource) => string): Graph {
  const members = new Map<string, StackResource[]>();
  const names = new Map<string, string>();
  for (const resource of resources) {
    const name = nameOf(resource);
    members.set(name, [...(members.get(name) ?? []), resource]);
    names.set(resource.address, name);
  }
  const needs = new Map<string, Set<string>>([...members.keys()].map((name) => [name, new Set<string>()]));
  for (const resource of resources) {
    const from = nameOf(resource);
    for (const address of addressesIn(JSON.stringify(resource.config))) {
      const to = names.get(address);
      if (to !== undefined && to !== from) needs.get(from)?.add(to);
    }
  }
  return { members, needs };
}

/** Everything in a text that looks like the address of a resource. */
export function addressesIn(text: string): string[] {
  return text.match(/[a-z]\w*_\w+\.[\w-]+/g) ?? [];
}

/** All that a name needs, directly or not. */
export function closureOf(graph: Graph, name: string, seen = new Set<string>()): Set<string> {
  for (const next of graph.needs.get(name) ?? []) {
    if (seen.has(next)) continue;
    seen.add(next);
    closureOf(graph, next, seen);
  }
  return seen;
}

/**
 * The needs that no other need brings along already: the fewest arrows that say the same. What needs each other in a circle
 * brings nothing along.
 */
export function directNeeds(graph: Graph, name: string): string[] {
  const direct = [...(graph.needs.get(name) ?? [])];
  const brings = (one: string, other: string) => closureOf(graph, one).has(other);
  return direct
    .filter((one) => !direct.some((other) => other !== one && brings(other, one) && !brings(one, other)))
    .sort();
}
