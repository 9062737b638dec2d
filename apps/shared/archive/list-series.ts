import type { LogSeries } from '../log-file.ts';
import { afterSeries, KEY_ROOT, parseSeriesKey, registrationsPrefix } from './keys.ts';
import type { ObjectStore } from './object-store.ts';

/** Every series with a registration, in order of key. Steps from series to series, so its cost is not that of their slots. */
export async function* listSeries(store: ObjectStore): AsyncGenerator<LogSeries> {
  let startAfter: string = KEY_ROOT;
  for (;;) {
    const key = await firstKey(store, KEY_ROOT, startAfter);
    if (key === undefined) return;
    const found = parseSeriesKey(key);
    if (found !== undefined && (await firstKey(store, registrationsPrefix(found.series), '')) !== undefined) {
      yield found.series;
    }
    startAfter = found === undefined ? key : afterSeries(found.series);
  }
}

async function firstKey(store: ObjectStore, prefix: string, startAfter: string): Promise<string | undefined> {
  for await (const key of store.list(prefix, { startAfter, pageSize: 1 })) return key;
  return undefined;
}
