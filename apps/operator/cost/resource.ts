/** One managed resource of a synthesized stack, with its arguments as Terraform names them. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The value at a dotted path; where a block is a list of one, `a.b` and `a.0.b` both find it. */
function at(resource: Resource | undefined, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => {
    if (Array.isArray(value) && !/^\d+$/.test(step)) return (value[0] as Record<string, unknown> | undefined)?.[step];
    if (!Array.isArray(value) && step === '0') return value;
    return (value as Record<string, unknown> | undefined)?.[step];
  }, resource?.properties);
}

/** A number, or a text that spells one. */
export function numberOf(resource: Resource | undefined, path: string): number | undefined {
  const value = at(resource, path);
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A text argument. */
export function textOf(resource: Resource | undefined, path: string): string | undefined {
  const value = at(resource, path);
  return typeof value === 'string' ? value : undefined;
}

/** A list argument; empty where there is none. */
export function listOf(resource: Resource | undefined, path: string): readonly unknown[] {
  const value = at(resource, path);
  return Array.isArray(value) ? value : [];
}

/** How many blocks of a name there are, written as a list or as one block. */
export function countOf(resource: Resource | undefined, path: string): number {
  const value = at(resource, path);
  if (Array.isArray(value)) return value.length;
  return value === undefined ? 0 : 1;
}

/** The resource of a type that an expression (`${aws_x.id.attribute}`) points at. */
export function referenced(resources: readonly Resource[], type: string, expression?: string): Resource | undefined {
  return resources.find((candidate) => candidate.type === type && expression?.includes(`${type}.${candidate.id}.`));
}
