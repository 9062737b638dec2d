import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { resourcesOf, synthesize } from './synthesized.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-logs-app-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const app = (body: string) =>
  writeFile(
    join(folder, 'main.ts'),
    `import { mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDKTF_OUTDIR + '/stacks/poc';
${body}`,
  );

describe('synthesizing the app', () => {
  test('answers its stacks, and leaves nothing behind in its folder', async () => {
    await app(`mkdirSync(out, { recursive: true });
writeFileSync(out + '/cdk.tf.json', JSON.stringify({
  terraform: { backend: {} }, data: { aws_region: { here: {} } }, resource: { aws_vpc: { main: { cidr_block: '10.0.0.0/16' } } },
}));`);
    const stacks = await synthesize(folder);
    const poc = stacks.get('poc');
    expect(poc && resourcesOf(poc)).toEqual([
      { type: 'aws_vpc', id: 'main', properties: { cidr_block: '10.0.0.0/16' } },
    ]);
  });

  test('passes on what the app says about a wrong value', async () => {
    await app("process.stderr.write('error: poc.owner is missing (CONFIG_INVALID)\\n'); process.exitCode = 2;");
    await expect(synthesize(folder)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'The stacks do not synthesize: poc.owner is missing',
    });
  });

  test('says so where there is no app', async () => {
    await expect(synthesize(folder)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('keeps a bug of the app a bug', async () => {
    await app("throw new TypeError('oops');");
    await expect(synthesize(folder)).rejects.toThrow('oops');
    await expect(synthesize(folder)).rejects.not.toMatchObject({ code: expect.any(String) });
  });
});
