import { sampleStacks } from './stacks.ts';

/** The text of a `main.ts` that synthesizes the sample stacks, as the CDKTF app would, in no time. */
export function fakeApp(): string {
  const stacks = JSON.stringify(Object.fromEntries(sampleStacks()));
  return `import { mkdirSync, writeFileSync } from 'node:fs';
for (const [name, stack] of Object.entries(${stacks})) {
  const folder = process.env.CDKTF_OUTDIR + '/stacks/' + name;
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/cdk.tf.json', JSON.stringify(stack));
}
`;
}
