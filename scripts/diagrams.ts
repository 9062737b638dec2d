import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes docs/diagrams/<stack>.md: what a synthesized stack is made of, and what needs what. A test tells when one is stale. */

interface Part {
  /** First and second name on the path of the construct: `storage/archive`. */
  readonly id: string;
  readonly types: Map<string, number>;
}

interface Synthesized {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
}

/** Parts that everything needs; arrows to them would hide the rest. */
const COMMON = ['key', 'alarm-topic'];

/** A Mermaid flow chart of a stack: a box per part with its resources counted, an arrow to each part that it needs. */
export function drawStack(name: string, json: string): string {
  const { resource } = JSON.parse(json) as Synthesized;
  const parts = new Map<string, Part>();
  const partOf = new Map<string, string>();
  const all = Object.entries(resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, config]) => ({ type, address: `${type}.${id}`, config, path: pathOf(config) })),
  );
  for (const { type, address, path } of all) {
    const id = path.slice(0, path.length > 2 ? 2 : 1).join('/');
    const part = parts.get(id) ?? { id, types: new Map() };
    part.types.set(type, (part.types.get(type) ?? 0) + 1);
    parts.set(id, part);
    partOf.set(address, id);
  }
  const arrows = new Set(
    all.flatMap(({ address, config }) => {
      const from = partOf.get(address) ?? '';
      const { depends_on: _, '//': __, ...settings } = config;
      const needed = (JSON.stringify(settings).match(/[a-z]\w*_\w+\.[\w-]+/g) ?? []).map((one) => partOf.get(one));
      return needed.flatMap((to) => (to === undefined || to === from || COMMON.includes(to) ? [] : [`${from}>${to}`]));
    }),
  );
  return render(name, [...parts.values()], [...arrows].sort());
}

function pathOf(config: Record<string, unknown>): string[] {
  const note = config['//'] as { metadata?: { path?: string } } | undefined;
  return (note?.metadata?.path ?? '').split('/').slice(1);
}

function render(name: string, parts: readonly Part[], arrows: readonly string[]): string {
  const node = (id: string) => id.replaceAll(/[^a-z0-9]/gi, '_');
  const box = ({ id, types }: Part) => {
    const lines = [...types]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, count]) => `${count} ${type.replace(/^aws_/, '')}`);
    return `    ${node(id)}["<b>${id}</b><br/>${lines.join('<br/>')}"]`;
  };
  const groups = Map.groupBy(
    [...parts].sort((a, b) => (a.id < b.id ? -1 : 1)),
    ({ id }) => id.split('/')[0] ?? id,
  );
  const boxes = [...groups].map(([group, members]) =>
    members.length === 1
      ? members.map(box).join('\n')
      : `  subgraph ${node(group)}_group["${group}"]\n${members.map(box).join('\n')}\n  end`,
  );
  const lines = arrows.map((arrow) => `  ${arrow.split('>').map(node).join(' --> ')}`);
  const chart = ['```mermaid', 'flowchart LR', ...boxes, ...lines, '```'].join('\n');
  return `# Stack ${name}\n\nDrawn from the synthesized stack by \`npm run docs\`. An arrow goes from what needs to what is needed; keys and the alarm topic, which nearly all need, have none.\n\n${chart}\n`;
}

/** Where the diagram of a stack is. */
export function diagramFile(stack: string): string {
  return join(import.meta.dirname, '../docs/diagrams', `${stack}.md`);
}

if (process.argv[1] === import.meta.filename) {
  const { synthesizeAsWritten } = await import('../stacks/testing/synthesize.ts');
  for (const [name, json] of Object.entries(synthesizeAsWritten()))
    writeFileSync(diagramFile(name), drawStack(name, json));
}
