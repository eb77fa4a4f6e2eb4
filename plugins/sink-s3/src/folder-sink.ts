import type { Sink } from "@decant/core";
import type { StreamPlace } from "./names.ts";
import { writeRows } from "./object-sink.ts";
import type { ObjectTarget } from "./object-target.ts";
import { openObject } from "./open-object.ts";
import { formatPosition, type ObjectPosition } from "./position.ts";
import type { Store } from "./store.ts";

export interface FolderOptions {
  readonly store: Store;
  readonly places: ReadonlyMap<string, StreamPlace>;
  readonly gzip: boolean;
  readonly force: boolean;
  readonly finishing: boolean;
  /** Where each stream ended. */
  readonly positions: ReadonlyMap<string, ObjectPosition>;
}

/** Opens a sink of several streams: an object for each that has a row. */
export async function openFolderSink(options: FolderOptions): Promise<Sink> {
  const { places } = options;
  const positions = new Map(options.positions);
  const targets = new Map<string, ObjectTarget>();

  async function open(stream: string): Promise<ObjectTarget> {
    const place = places.get(stream);
    if (!place) throw new TypeError(`Cannot write rows of "${stream}": it was not named at open()`);
    const position = positions.get(stream);
    const target = await openObject({ ...options, key: place.key, position });
    targets.set(stream, target);
    return target;
  }

  async function close(): Promise<void> {
    for (const target of targets.values()) await target[Symbol.asyncDispose]();
  }

  try {
    for (const stream of positions.keys()) await open(stream);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async write(stream, rows) {
      await writeRows(targets.get(stream) ?? (await open(stream)), rows);
    },
    async commit() {
      const ends = await Promise.all(
        [...targets].map(async ([stream, target]) => [stream, await target.commit()] as const),
      );
      for (const [stream, position] of ends) positions.set(stream, position);
      const streams = ends.map(([stream, position]) => [stream, formatPosition(position)]);
      return { streams: Object.fromEntries(streams) };
    },
    async finish() {
      for (const target of targets.values()) await target.finish();
      if (options.force) await removeReplaced(options, targets);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Drops what this run replaces by nothing, or by an object of the other form. */
async function removeReplaced(
  { store, places }: FolderOptions,
  written: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (const [stream, { key, other }] of places) {
    if (await store.head(other)) await store.remove(other);
    if (!written.has(stream) && (await store.head(key))) await store.remove(key);
  }
}
