import { open } from 'node:fs/promises';

/** Makes the names in a folder durable: a file that was put there before is found after a power failure. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
