/** Positioned reads over the bytes of one physical file; keeps working after the file was renamed or deleted. */
export interface ByteReader {
  /** The bytes from `offset`, at least one and at most `length` of them; none at or after the end. */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Where the bytes of a physical file come from. */
export interface Content {
  /** Undefined when the bytes are gone. */
  open(): Promise<ByteReader | undefined>;
}

/** The hour (UTC) in which a physical file began; RDS shows it in markers and in the names of rotated files. */
export interface Segment {
  /** YYYY-MM-DD */
  readonly date: string;
  /** 0 to 23 */
  readonly hour: number;
}

/** One physical log file between its creation and its deletion, whatever names it had. Times are ms since 1970. */
export interface Generation {
  /** Dense from 1 within the instance, in order of creation. */
  readonly seq: number;
  readonly instanceId: string;
  readonly segment: Segment;
  readonly content: Content;
  readonly createdAt: number;
  readonly visibleFrom: number;
  /** Every name it had, oldest first, never empty; the last is the one it has. */
  readonly names: readonly { readonly name: string; readonly from: number }[];
  readonly size: number;
  readonly lastWritten: number;
  readonly deletedAt: number | undefined;
}

export interface NewGeneration {
  readonly name: string;
  readonly segment: Segment;
  readonly content: Content;
  readonly size: number;
  readonly at: number;
  /** Listed and readable only from then on; at once by default. */
  readonly visibleFrom?: number;
}

/** The log files of one instance: what has which name now, and all that ever was. */
export interface LogVolume {
  readonly instanceId: string;
  create(file: NewGeneration): Generation;
  /** `size` is the new size, never smaller than before. */
  grow(generation: Generation, size: number, at: number): void;
  rename(generation: Generation, name: string, at: number): void;
  /** Deleted files are not listed any more, but stay in `history`. */
  remove(generation: Generation, at: number): void;
  /** Files that exist, whether visible yet or not, oldest first. */
  current(): readonly Generation[];
  /** All generations that ever were, oldest first. */
  history(): readonly Generation[];
}

type Mutable = { -readonly [Key in keyof Generation]: Generation[Key] };

export function createLogVolume(instanceId: string): LogVolume {
  const history: Generation[] = [];
  const current = new Set<Generation>();
  return {
    instanceId,
    create: ({ name, segment, content, size, at, visibleFrom = at }) => {
      const names = [{ name, from: at }];
      const seq = history.length + 1;
      const generation: Generation = {
        ...{ seq, instanceId, segment, content, createdAt: at, visibleFrom },
        ...{ names, size, lastWritten: at, deletedAt: undefined },
      };
      history.push(generation);
      current.add(generation);
      return generation;
    },
    grow: (generation, size, at) => {
      if (size < generation.size) throw new RangeError(`${currentName(generation)} cannot shrink to ${size} bytes.`);
      Object.assign<Mutable, Partial<Mutable>>(generation, { size, lastWritten: at });
    },
    rename: (generation, name, at) => {
      Object.assign<Mutable, Partial<Mutable>>(generation, { names: [...generation.names, { name, from: at }] });
    },
    remove: (generation, at) => {
      Object.assign<Mutable, Partial<Mutable>>(generation, { deletedAt: at });
      current.delete(generation);
    },
    current: () => [...current],
    history: () => history,
  };
}

export function currentName(generation: Generation): string {
  return generation.names.at(-1)?.name ?? '';
}

/** The files that RDS shows at `now`. */
export function visibleFiles(volume: LogVolume, now: number): readonly Generation[] {
  return volume.current().filter((generation) => generation.visibleFrom <= now);
}

/** The file that has this name at `now`. */
export function findFile(volume: LogVolume, name: string, now: number): Generation | undefined {
  return visibleFiles(volume, now).find((generation) => currentName(generation) === name);
}

/** The segment of a file that began at this time. */
export function segmentAt(time: number): Segment {
  const iso = new Date(time).toISOString();
  return { date: iso.slice(0, 10), hour: Number(iso.slice(11, 13)) };
}
