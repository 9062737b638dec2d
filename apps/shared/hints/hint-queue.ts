import TinyQueue from 'tinyqueue';
import { type Hint, hintKey } from '../hint.ts';

interface Entry {
  readonly hint: Hint;
  /** Order of first publication: files with the same deadline take turns. */
  readonly order: number;
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
  /** Series in a hand: the file worked on, and the entries that came up meanwhile and have to wait. */
  const hands = new Map<string, { file: string; heldBack: Entry[] }>();
  // Replaced entries stay in the heap until they come up or are the larger half of it.
  let heap = new TinyQueue<Entry>([], byUrgency);
  let heldBack = 0;
  let published = 0;

  const isCurrent = (entry: Entry) => waiting.get(fileKey(entry.hint)) === entry;

  function compact(): void {
    if (heap.length + heldBack <= 2 * (waiting.size + 1)) return;
    for (const hand of hands.values()) {
      heldBack -= hand.heldBack.length;
      hand.heldBack = [];
    }
    heap = new TinyQueue([...waiting.values()], byUrgency);
  }

  return {
    offer(hint) {
      const file = fileKey(hint);
      const known = waiting.get(file);
      if (known && known.hint.listedAt > hint.listedAt) return true;
      const isInHand = hands.get(hintKey(hint))?.file === file;
      if (!known && !isInHand && waiting.size >= capacity) return false;
      const entry = { hint, order: known?.order ?? published++ };
      waiting.set(file, entry);
      heap.push(entry);
      compact();
      return true;
    },

    take() {
      for (let entry = heap.pop(); entry; entry = heap.pop()) {
        if (!isCurrent(entry)) continue;
        const series = hintKey(entry.hint);
        const hand = hands.get(series);
        if (hand) {
          hand.heldBack.push(entry);
          heldBack++;
          continue;
        }
        const file = fileKey(entry.hint);
        waiting.delete(file);
        hands.set(series, { file, heldBack: [] });
        return entry.hint;
      }
      return undefined;
    },

    release(hint) {
      const series = hintKey(hint);
      const hand = hands.get(series);
      if (hand?.file !== fileKey(hint)) throw new Error(`${fileKey(hint)} is in no hand.`);
      hands.delete(series);
      heldBack -= hand.heldBack.length;
      for (const entry of hand.heldBack) if (isCurrent(entry)) heap.push(entry);
    },

    get size() {
      return waiting.size;
    },
    get inHand() {
      return hands.size;
    },
  };
}

function fileKey(hint: Hint): string {
  return `${hintKey(hint)}/${hint.fileName}`;
}

function byUrgency(a: Entry, b: Entry): number {
  return a.hint.deadline - b.hint.deadline || a.order - b.order;
}
