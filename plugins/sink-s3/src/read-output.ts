import { DecantError, type SinkReadOptions } from "@decant/core";
import { folderOf, formatAddress, parseAddress } from "./address.ts";
import { connect } from "./connect.ts";
import { type NamedObject, parseName } from "./names.ts";
import { readObject } from "./read-object.ts";
import { readOptions } from "./read-options.ts";
import { remainderOwner } from "./remainder.ts";
import type { Store } from "./store.ts";

/** Reads the rows of an object, or of all objects of a folder, stream by stream. */
export async function* readOutput(
  options: SinkReadOptions,
): AsyncGenerator<{ stream?: string; json: Uint8Array[] }> {
  const { destination, signal } = options;
  signal?.throwIfAborted();
  const { bucket, key } = parseAddress(destination);
  const store = await connect(bucket, { key, options: readOptions(options.options) });
  try {
    const found = key === folderOf(key) ? undefined : await store.head(key);
    if (found) yield* readObject({ store, key, found, signal });
    else yield* readFolder(store, key, options);
  } finally {
    store.close();
  }
}

async function* readFolder(
  store: Store,
  folder: string,
  options: SinkReadOptions,
): AsyncGenerator<{ stream: string; json: Uint8Array[] }> {
  const { destination, signal } = options;
  const named = new Map<string, NamedObject>();
  for await (const key of store.list(folderOf(folder))) {
    const name = parseName(folder, remainderOwner(key) ?? key);
    if (name) named.set(name.key, name);
  }
  if (named.size === 0) throw missing(destination);
  for (const { key, stream } of choose([...named.values()], options)) {
    const found = await store.head(key);
    // Only what remains of it is there.
    if (!found) throw missing(formatAddress({ bucket: store.bucket, key }));
    for await (const { json } of readObject({ store, key, found, signal })) yield { stream, json };
  }
}

/** The objects of the run; it did not add to others if there are none with its name. */
function choose(
  named: readonly NamedObject[],
  { run, streams }: SinkReadOptions,
): readonly NamedObject[] {
  const wanted = named
    .filter(({ stream }) => streams?.some(({ name }) => name === stream) ?? true)
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  if (run === undefined) return wanted;
  const own = wanted.filter((object) => object.run === run);
  return own.length > 0 ? own : wanted.filter((object) => object.run === undefined);
}

/** Runs of a stream follow each other in time, as their names do. */
function keyOf({ stream, run = "" }: NamedObject): string {
  return `${stream} ${run}`;
}

function missing(destination: string): DecantError {
  return new DecantError(
    "OUTPUT_MISSING",
    `Cannot read "${destination}": there is no such object`,
    {
      kind: "verify",
      hint: "Resume the export if it is unfinished, or put the object back.",
    },
  );
}
