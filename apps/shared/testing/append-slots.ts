import { createHash, randomBytes } from 'node:crypto';
import { chainHash, genesisChain } from '../archive/chain-hash.ts';
import { openArchive } from '../archive/open-archive.ts';
import type { GenerationId } from '../log-file.ts';

// Appends slots to one generation of the archive in the folder of the first argument until it is killed, and prints
// the start of each as soon as it is stored.
const archive = await openArchive(process.argv[2] ?? '', { mode: 'write' });
const generation: GenerationId = { accountId: '1', region: 'r', resourceId: 'db-1', kind: 'error', seq: 1 };
const common = { fileName: 'error/mysql-error.log', writtenAt: 0, writer: 'test' };
await archive.register(generation, {
  seq: 1,
  fileName: common.fileName,
  head: Buffer.alloc(0),
  instanceId: 'orders-1',
  engine: 'aurora-mysql',
  registeredAt: 0,
});

const last = (await archive.slotStarts(generation)).at(-1);
const slot = last === undefined ? undefined : await archive.slot(generation, last);
let end = slot?.end ?? 0;
let chain = slot?.chain ?? genesisChain(generation);
for (;;) {
  const bytes = randomBytes(300_000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const start = end;
  end += bytes.length;
  chain = chainHash(chain, sha256);
  await archive.putSlot(generation, { ...common, type: 'chunk', start, end, sha256, chain, marker: '' }, bytes);
  process.stdout.write(`${start}\n`);
}
