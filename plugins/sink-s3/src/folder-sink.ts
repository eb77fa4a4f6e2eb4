import type { Sink } from "@decant/core";
import type { StreamPlace } from "./names.ts";
import { writeRows } from "./object-sink.ts";
import type { ObjectTarget } from "./object-target.ts";
import { dropBegun, openObject } from "./open-object.ts";
import { type FolderPosition, formatPosition, type ObjectPosition } from "./position.ts";
import { createRemainders } from "./remainder.ts";
import type { Store } from "./store.ts";

export interface FolderOptions {
  readonly store: Store;
  readonly places: ReadonlyMap<string, StreamPlace>;
  readonly gzip: boolean;
  readonly force: boolean;
  readonly append: boolean;
  readonly finishing: boolean;
  /** Where to go on. Absent: it is new. */
  readonly position: FolderPosition | undefined;
}

/** Opens a sink of several streams: an object for each that has a row. */
export async function openFolderSink(options: FolderOptions): Promise<Sink> {
  const { places, position, append, force } = options;
  const id = position?.id ?? crypto.randomUUID();
  const ends = new Map(position?.streams);
  const targets = new Map<string, ObjectTarget>();

  async function open(stream: string): Promise<ObjectTarget> {
    const place = places.get(stream);
    if (!place) throw new TypeError(`Cannot write rows of "${stream}": it was not named at open()`);
    const target = await openObject({ ...options, id, key: place.key, position: ends.get(stream) });
    targets.set(stream, target);
    return target;
  }

  async function close(): Promise<void> {
    for (const target of targets.values()) await target[Symbol.asyncDispose]();
  }

  try {
    for (const stream of ends.keys()) await open(stream);
    if (position) await dropUnknown(options, position);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async write(stream, rows) {
      await writeRows(targets.get(stream) ?? (await open(stream)), rows);
    },
    async commit() {
      await Promise.all(
        [...targets].map(async ([stream, target]) => ends.set(stream, await target.commit())),
      );
      return formatEnds(id, ends);
    },
    async finish() {
      // With no object at all, nobody could tell an export of no rows from none.
      if (targets.size === 0 && !append) await writeEmpty(options, id);
      for (const target of targets.values()) await target.finish();
      if (force) await removeReplaced(options, targets);
    },
    [Symbol.asyncDispose]: close,
  };
}

function formatEnds(id: string, ends: ReadonlyMap<string, ObjectPosition>) {
  const streams = [...ends].sort().map(([stream, end]) => [stream, formatPosition(end)] as const);
  return { id, streams: Object.fromEntries(streams) };
}

/** Drops what streams had stored that had no row yet when the position was taken. */
async function dropUnknown(
  { store, places }: FolderOptions,
  { id, streams }: FolderPosition,
): Promise<void> {
  const unknown = [...places].flatMap(([stream, { key }]) => (streams.has(stream) ? [] : [key]));
  await Promise.all(
    unknown.map(async (key) => {
      await createRemainders({ store, key, id }).dropAll();
      await dropBegun({ store, key, id });
    }),
  );
}

async function writeEmpty(options: FolderOptions, id: string): Promise<void> {
  const position = { id, bytes: 0, part: options.store.options.partBytes };
  for (const { key } of options.places.values()) {
    await using target = await openObject({ ...options, key, position, finishing: true });
    await target.finish();
  }
}

/** Drops what this run replaces by nothing, or by an object of the other form. */
async function removeReplaced(
  { store, places }: FolderOptions,
  written: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (const [stream, { key, other }] of places) {
    if (await store.head(other)) await store.remove(other);
    if (written.size > 0 && !written.has(stream) && (await store.head(key)))
      await store.remove(key);
  }
}
