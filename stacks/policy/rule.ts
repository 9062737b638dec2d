/** A resource as Terraform's JSON has it. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** All resources of one stack, and its provider's default tags. */
export interface StackView {
  readonly name: string;
  readonly resources: readonly Resource[];
  readonly defaultTags: Readonly<Record<string, string>>;
}

/** What must hold for every resource of some types. The id is checkov's where checkov has the rule, else `AURORA_…`. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly types: readonly string[] | 'all';
  readonly holds: (resource: Resource, stack: StackView) => boolean;
}

export interface Finding {
  readonly rule: string;
  readonly title: string;
  /** `<stack>/<type>.<id>` */
  readonly where: string;
}

/** Every breach of a rule in a stack. */
export function findBreaches(rules: readonly Rule[], stack: StackView): Finding[] {
  return rules.flatMap((rule) =>
    stack.resources
      .filter(({ type }) => rule.types === 'all' || rule.types.includes(type))
      .filter((resource) => !rule.holds(resource, stack))
      .map(({ type, id }) => ({ rule: rule.id, title: rule.title, where: `${stack.name}/${type}.${id}` })),
  );
}

/** The view of a synthesized stack. */
export function viewOf(name: string, json: string): StackView {
  const stack = JSON.parse(json) as {
    resource?: Record<string, Record<string, Record<string, unknown>>>;
    provider?: { aws?: { default_tags?: { tags: Record<string, string> }[] }[] };
  };
  const resources = Object.entries(stack.resource ?? {}).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, config]) => ({ type, id, config })),
  );
  return { name, resources, defaultTags: stack.provider?.aws?.[0]?.default_tags?.[0]?.tags ?? {} };
}

/** The value at a dotted path; of a list of blocks the first is taken. */
export function at(config: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    const block = Array.isArray(value) ? value[0] : value;
    return (block as Record<string, unknown> | undefined)?.[key];
  }, config);
}

/** A rule about one argument of one type. */
export function argument(
  id: string,
  title: string,
  types: string | readonly string[],
  path: string,
  test: (value: unknown) => boolean,
): Rule {
  return { id, title, types: [types].flat(), holds: ({ config }) => test(at(config, path)) };
}

export const isTrue = (value: unknown): boolean => value === true || value === 'true';
export const isFalse = (value: unknown): boolean => value === false || value === 'false';
export const isNotTrue = (value: unknown): boolean => !isTrue(value);
export const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
export const is =
  (...wanted: readonly unknown[]) =>
  (value: unknown): boolean =>
    wanted.includes(value);
export const atLeast = (least: number) => (value: unknown) => typeof value === 'number' && value >= least;

/** Whether a resource of `type` belongs to this one, by a reference in one of its arguments. */
export function companion(stack: StackView, owner: Resource, type: string, field: string): Resource | undefined {
  const reference = `${owner.type}.${owner.id}.`;
  return stack.resources.find(
    (resource) => resource.type === type && String(resource.config[field] ?? '').includes(reference),
  );
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** The statements of the policy documents that a resource carries. */
export function statementsOf({ config }: Resource): PolicyStatement[] {
  return ['policy', 'assume_role_policy'].flatMap((field) => {
    const text = config[field];
    if (typeof text !== 'string' || !text.trim().startsWith('{')) return [];
    const statements = (JSON.parse(text) as { Statement?: PolicyStatement | PolicyStatement[] }).Statement;
    return statements === undefined ? [] : [statements].flat();
  });
}

export const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();
