import type { ObjectStore } from '../archive/object-store.ts';

/** An object store in memory: for tests of what is built on the archive. */
export function createMemoryStore(): ObjectStore & { readonly objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  return {
    objects,
    putIfAbsent: async (key, parts) => {
      if (objects.has(key)) return 'exists';
      objects.set(key, Buffer.concat(parts));
      return 'created';
    },
    get: async (key, options) => objects.get(key)?.subarray(0, options?.length),
    async *list(prefix, options) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > (options?.startAfter ?? ''));
      yield* keys.sort();
    },
    describe: (key) => `memory:${key}`,
  };
}
