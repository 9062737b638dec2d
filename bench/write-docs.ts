import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { markdown, type Report } from './report.ts';

/** Puts the JSON of a bench (stdin) as a table into docs/benchmarks.md, between its markers. */
const path = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const [begin, end] = ['<!-- results: written by npm run bench:docs -->', '<!-- end of results -->'];

const table = markdown(JSON.parse(await text(process.stdin)) as Report);
const page = readFileSync(path, 'utf8');
const [from, to] = [page.indexOf(begin), page.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${path} has lost its markers: ${begin} … ${end}`);
writeFileSync(path, `${page.slice(0, from + begin.length)}\n\n${table}\n${page.slice(to)}`);
