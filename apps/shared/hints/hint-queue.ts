import TinyQueue from 'tinyqueue';
import { type Hint, hintKey } from '../hint.ts';

interface Entry {
  readonly hint: Hint;
  /** Order of first publication: files with the same deadline take turns. */
  readonly order: number;
}

/** The files of a series that wait, and the one that is in a hand. */
interface Series {
  entries: TinyQueue<Entry>;
  /** How many of the entries are current. */
  files: number;
  hand?: string | undefined;
  inLine?: Entry | undefined;
}

/**
 * The order of work, without any waiting: newest hint per file, earliest deadline first, a series in one hand at a time.
 * Holds at most `capacity` files, and beside them those that are in a hand and were said again.
 */
export interface HintQueue {
  /** Takes a hint, in place of an older one of the same file. False: full, nothing was changed. */
  offer(hint: Hint): boolean;
  /** The most urgent hint whose series is in no hand; that series is in the caller's hand until `release`. */
  take(): Hint | undefined;
  /** The hint that `take` gave is done with; its series may be taken again. */
  release(hint: Hint): void;
  /** Files that wait. */
  readonly size: number;
  /** Series in a hand. */
  readonly inHand: number;
}

export function createHintQueue(capacity: number): HintQueue {
  const waiting = new Map<string, Entry>();
  const series = new Map<string, Series>();
  /** The most urgent entry of each series that is in no hand, among some that are no longer that. */
  let ready = new TinyQueue<Entry>([], byUrgency);
  let inHand = 0;
  let published = 0;

  const isCurrent = (entry: Entry) => waiting.get(fileKey(entry.hint)) === entry;

  /** Puts what is most urgent of a series now in line, where it is free to be taken. */
  function lineUp(of: Series): void {
    while (of.entries.length > 0 && !isCurrent(of.entries.peek() as Entry)) of.entries.pop();
    const first = of.entries.peek();
    if (of.hand !== undefined || first === undefined || first === of.inLine) return;
    of.inLine = first;
    ready.push(first);
    if (ready.length <= 2 * (series.size + 1)) return;
    const inLine = [...series.values()].map((each) => each.inLine).filter((each) => each !== undefined);
    ready = new TinyQueue(inLine, byUrgency);
  }

  return {
    offer(hint) {
      const [key, file] = [hintKey(hint), fileKey(hint)];
      const known = waiting.get(file);
      if (known && known.hint.listedAt > hint.listedAt) return true;
      const of = series.get(key) ?? { entries: new TinyQueue<Entry>([], byUrgency), files: 0 };
      if (!known && of.hand !== file && waiting.size >= capacity) return false;
      const entry = { hint, order: known?.order ?? published++ };
      series.set(key, of);
      waiting.set(file, entry);
      of.entries.push(entry);
      if (!known) of.files++;
      // Replaced entries stay in the heap until they come up, or are the larger half of it.
      if (of.entries.length > 2 * (of.files + 1))
        of.entries = new TinyQueue(of.entries.data.filter(isCurrent), byUrgency);
      lineUp(of);
      return true;
    },

    take() {
      for (let entry = ready.pop(); entry; entry = ready.pop()) {
        const of = series.get(hintKey(entry.hint));
        if (of?.inLine !== entry) continue;
        of.entries.pop();
        of.files--;
        of.inLine = undefined;
        of.hand = fileKey(entry.hint);
        waiting.delete(of.hand);
        inHand++;
        return entry.hint;
      }
      return undefined;
    },

    release(hint) {
      const key = hintKey(hint);
      const of = series.get(key);
      if (of?.hand !== fileKey(hint)) throw new Error(`${fileKey(hint)} is in no hand.`);
      of.hand = undefined;
      inHand--;
      if (of.files === 0) series.delete(key);
      else lineUp(of);
    },

    get size() {
      return waiting.size;
    },
    get inHand() {
      return inHand;
    },
  };
}

function fileKey(hint: Hint): string {
  return `${hintKey(hint)}/${hint.fileName}`;
}

function byUrgency(a: Entry, b: Entry): number {
  return a.hint.deadline - b.hint.deadline || a.order - b.order;
}
