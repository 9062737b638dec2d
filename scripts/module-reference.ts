import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes docs/modules.md from the constructs: what each promises and what it takes. A test tells when the page is stale. */
const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/modules.md');

export interface Module {
  readonly name: string;
  readonly file: string;
  readonly summary: string;
  readonly props: readonly { readonly name: string; readonly type: string; readonly text: string }[];
}

/** Reads the class of a construct, its doc comment and the members of its props. Undefined where a file has no construct. */
export function describeModule(file: string, source: string): Module | undefined {
  const found = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*export class (\w+) extends Construct/.exec(source);
  if (!found) return undefined;
  const [, comment = '', name = ''] = found;
  const body = new RegExp(`export interface ${name}Props[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? '';
  const member = /(?:(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*)?readonly (\w+\??): ([^;]+(?:\{[^}]*\})?[^;]*);/g;
  const props = [...body.matchAll(member)].map(([, text, prop, type]) => ({
    name: prop ?? '',
    type: (type ?? '').replaceAll(/\s+/g, ' ').replaceAll('|', '\\|'),
    text: plain(text ?? ''),
  }));
  return { name, file, summary: plain(comment), props };
}

/** The page. */
export function renderModules(modules: readonly Module[]): string {
  const sections = modules.map(({ name, file, summary, props }) => {
    const rows = props.map((prop) => `| \`${prop.name}\` | \`${prop.type}\` | ${prop.text} |`);
    const table = rows.length === 0 ? '' : `\n| input | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
    return `## ${name}\n[\`${file}\`](../${file})\n\n${summary}\n${table}`;
  });
  return `# Constructs\n\nMade from the source by \`npm run docs:modules\`.\n\n${sections.join('\n')}`;
}

function plain(comment: string): string {
  return comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .filter(Boolean)
    .join(' ');
}

/** The page as it should be now. */
export function currentPage(): string {
  const files = readdirSync(join(ROOT, 'constructs')).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  return renderModules(
    files.sort().flatMap((name) => {
      const file = `constructs/${name}`;
      return describeModule(file, readFileSync(join(ROOT, file), 'utf8')) ?? [];
    }),
  );
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, currentPage());
