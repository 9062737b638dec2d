import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeArchive } from '../testing/archive-contract.ts';
import { createFolderStore } from './folder-store.ts';

describeArchive('a folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'aurora-logs-archive-'));
  return {
    store: await createFolderStore(root, { create: true }),
    overwrite: (key, bytes) => writeFile(join(root, key), bytes),
    close: () => rm(root, { recursive: true }),
  };
});
