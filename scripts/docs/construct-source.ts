/** A member of an interface or a class, as its source says it. */
export interface Member {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** The doc comment as one line; empty without one. */
  readonly meaning: string;
}

/** A file of `constructs` that holds a construct. */
export interface ConstructSource {
  readonly name: string;
  readonly meaning: string;
  /** Terraform types that it makes itself. */
  readonly makes: readonly string[];
  /** Constructs that it is made of. */
  readonly parts: readonly string[];
  readonly props: readonly (Member & { readonly fallback: string | undefined })[];
  readonly outputs: readonly Member[];
}

/** An exported function of a file. */
export interface FunctionSource {
  readonly name: string;
  readonly meaning: string;
}

const COMMENT = String.raw`\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n`;

/**
 * Reads a construct from its source; undefined when the file has none. Understands the form that all constructs have: one
 * exported class that extends Construct, whose third argument is an interface of the same file or is written out.
 */
export function readConstruct(source: string): ConstructSource | undefined {
  const found = new RegExp(`(?:${COMMENT})?export class (\\w+) extends Construct \\{`).exec(source);
  const [head, comment, name] = found ?? [];
  if (!found || head === undefined || name === undefined) return undefined;
  const body = source.slice(found.index + head.length);
  const start = body.indexOf('  constructor(');
  const outputs = membersOf(body.slice(0, start));
  const props = propsOf(source, body.slice(start));
  return {
    name,
    meaning: textOf(comment),
    makes: resourceTypes(source),
    parts: partsOf(source),
    props: props.map((prop) => ({ ...prop, fallback: fallbackOf(source, prop.name) })),
    outputs,
  };
}

/** The exported functions of a file, each with its doc comment, in the order of the file. */
export function readFunctions(source: string): FunctionSource[] {
  const pattern = new RegExp(`(?:${COMMENT})?export function (\\w+)`, 'g');
  return [...source.matchAll(pattern)].map(([, comment, name]) => ({ name: name ?? '', meaning: textOf(comment) }));
}

function propsOf(source: string, fromConstructor: string): Member[] {
  const inline = /^ {2}constructor\([^)]*?props: \{([^}]*)\}/.exec(fromConstructor)?.[1];
  if (inline !== undefined) return membersOf(inline.trim().replace(/;?$/, ';'));
  const type = /^ {2}constructor\([^)]*?props: (\w+)/.exec(fromConstructor)?.[1];
  return type === undefined ? [] : interfaceMembers(source, type);
}

function interfaceMembers(source: string, type: string): Member[] {
  const match = new RegExp(`export interface ${type}(?: extends (\\w+))? \\{([\\s\\S]*?)\\n\\}`).exec(source);
  if (!match) throw new Error(`There is no interface ${type} in the file that uses it.`);
  const [, parent, body = ''] = match;
  return [...(parent === undefined ? [] : interfaceMembers(source, parent)), ...membersOf(body)];
}

/** Members up to each `;` that stands outside of brackets; private ones are left out. */
function membersOf(body: string): Member[] {
  const members: Member[] = [];
  let rest = body;
  for (let match = nextMember(rest); match; match = nextMember(rest)) {
    const { comment, declaration } = match;
    rest = match.rest;
    const [, name, optional, type] = /^readonly (\w+)(\?)?: ([\s\S]+?)(?: = [\s\S]*)?$/.exec(declaration) ?? [];
    if (name === undefined || type === undefined) continue;
    members.push({ name, type: oneLine(type), optional: optional === '?', meaning: textOf(comment) });
  }
  return members;
}

function nextMember(text: string): { comment: string | undefined; declaration: string; rest: string } | undefined {
  const [head = '', comment] = /^\s*(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?/.exec(text) ?? [];
  const from = text.slice(head.length);
  let depth = 0;
  for (const [index, letter] of [...from].entries()) {
    if ('{(['.includes(letter)) depth += 1;
    if ('})]'.includes(letter)) depth -= 1;
    if (letter === ';' && depth === 0)
      return { comment, declaration: from.slice(0, index), rest: from.slice(index + 1) };
  }
  return undefined;
}

/** `new EksCluster(` with `@cdktf/provider-aws/lib/eks-cluster` makes an aws_eks_cluster. */
function resourceTypes(source: string): string[] {
  const imports = source.matchAll(/import \{([^}]*)\} from '@cdktf\/provider-(\w+)\/lib\/([\w-]+)\/index\.js'/g);
  const types = [...imports].flatMap(([, classes = '', provider, path]) =>
    classes.split(',').some((name) => isBuilt(source, name.trim()))
      ? [`${provider}_${path?.replaceAll('-', '_')}`]
      : [],
  );
  return types.sort();
}

function partsOf(source: string): string[] {
  const imports = source.matchAll(/import \{([^}]*)\} from '\.\/[\w-]+\.ts'/g);
  const names = [...imports].flatMap(([, classes = '']) => classes.split(',').map((name) => name.trim()));
  return names.filter((name) => isBuilt(source, name)).sort();
}

function isBuilt(source: string, name: string): boolean {
  return name !== '' && source.includes(`new ${name}(`);
}

function fallbackOf(source: string, name: string): string | undefined {
  return new RegExp(`props\\.${name} \\?\\? ([^\\s;,)]+)`).exec(source)?.[1];
}

function textOf(comment: string | undefined): string {
  return oneLine((comment ?? '').replace(/^\s*\*/gm, ''));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
