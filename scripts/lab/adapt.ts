import type { Block, ProviderSchema, StackJson } from './plugins.ts';

/** Arguments that Terraform itself knows on every resource. */
const META = ['depends_on', 'count', 'for_each', 'provider', 'lifecycle', 'provisioner', 'connection', '//'];

type Config = Record<string, unknown>;

/** Sets the version of each provider and removes the arguments that this version does not know. Answers what was removed. */
export function adaptToSchemas(
  stack: StackJson,
  schemas: Readonly<Record<string, ProviderSchema>>,
  versions: Readonly<Record<string, string>>,
): string[] {
  const stripped: string[] = [];
  for (const [name, version] of Object.entries(versions)) {
    const required = stack.terraform.required_providers[name];
    if (required) required.version = version;
    const schema = schemas[name];
    if (!schema) continue;
    for (const [type, resources] of Object.entries(stack.resource ?? {})) {
      const block = schema.resource_schemas?.[type]?.block;
      if (!block) continue;
      for (const config of Object.values(resources)) strip(config, block, type, stripped);
    }
  }
  return [...new Set(stripped)].sort();
}

function strip(config: Config, block: Block, path: string, stripped: string[]): void {
  for (const key of Object.keys(config)) {
    if (META.includes(key) || (block.attributes && key in block.attributes)) continue;
    const nested = block.block_types?.[key];
    if (!nested) {
      // An attribute that a stack leaves empty changes nothing; only what says something is worth telling.
      stripped.push(`${path}.${key}`);
      delete config[key];
      continue;
    }
    for (const child of [config[key]].flat()) {
      if (typeof child === 'object' && child !== null) strip(child as Config, nested.block, `${path}.${key}`, stripped);
    }
  }
}

/** Types of a stack by the provider they belong to: the part before the first `_`. */
export function typesOf(stack: StackJson, provider: string): string[] {
  return Object.keys(stack.resource ?? {}).filter((type) => type.startsWith(`${provider}_`));
}

/**
 * Takes the resources of some types out of a stack, with what refers to them: outputs, `depends_on`, and other resources
 * whose arguments need them (answered, so that a caller can refuse when it costs more than meant).
 */
export function withoutTypes(stack: StackJson, types: readonly string[]): { lostWithThem: string[] } {
  const gone = new Set(types.flatMap((type) => Object.keys(stack.resource?.[type] ?? {}).map((id) => `${type}.${id}`)));
  for (const type of types) delete stack.resource?.[type];
  const lostWithThem: string[] = [];
  for (let lost = removeBroken(stack, gone); lost.length > 0; lost = removeBroken(stack, gone)) {
    lostWithThem.push(...lost);
  }
  removeOutputs(stack, gone);
  return { lostWithThem };
}

/** Removes outputs of what is gone, from Terraform's list and from cdktf's, which must agree. */
function removeOutputs(stack: StackJson, gone: ReadonlySet<string>): void {
  const broken = Object.keys(stack.output ?? {}).filter((name) => mentions(stack.output?.[name], gone));
  for (const name of broken) delete stack.output?.[name];
  for (const names of Object.values(stack['//']?.outputs ?? {})) {
    for (const [key, name] of Object.entries(names)) if (broken.includes(name)) delete names[key];
  }
}

/** One pass: removes what needs something that is gone, and forgets to wait for it. */
function removeBroken(stack: StackJson, gone: Set<string>): string[] {
  const broken = Object.entries(stack.resource ?? {}).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([id, config]) => {
      const { depends_on: waits, ...rest } = config;
      if (Array.isArray(waits)) config['depends_on'] = waits.filter((one) => !gone.has(one));
      return mentions(rest, gone) ? [{ type, id }] : [];
    }),
  );
  for (const { type, id } of broken) {
    delete stack.resource?.[type]?.[id];
    gone.add(`${type}.${id}`);
  }
  return broken.map(({ type, id }) => `${type}.${id}`);
}

function mentions(value: unknown, gone: ReadonlySet<string>): boolean {
  const text = JSON.stringify(value);
  const references = text.match(/[a-z]\w*\.[\w-]+/g) ?? [];
  return references.some((reference) => gone.has(reference));
}
