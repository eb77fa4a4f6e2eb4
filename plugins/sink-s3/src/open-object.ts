import { createGzipTarget } from "./gzip-target.ts";
import { createObjectTarget, type ObjectStart, type ObjectTarget } from "./object-target.ts";
import { outputExists, stateMismatch, unfinished } from "./output-error.ts";
import type { ObjectPosition } from "./position.ts";
import { createRemainders, type Remainder, remainderPrefix } from "./remainder.ts";
import type { Store } from "./store.ts";

const nothing: Remainder = { etags: [], rest: new Uint8Array() };

export interface OpenObjectOptions {
  readonly store: Store;
  readonly key: string;
  readonly gzip: boolean;
  readonly force: boolean;
  /** The export that writes it. Only a new object takes it from here. @default {a new one} */
  readonly id?: string;
  /** Where to go on. Absent: it is new. */
  readonly position?: ObjectPosition | undefined;
  /** Whether it may be in its place already. */
  readonly finishing: boolean;
}

/** Opens an object to write it, compressed or not. */
export async function openObject(options: OpenObjectOptions): Promise<ObjectTarget> {
  const { store, position, id = crypto.randomUUID() } = options;
  const start = position ? await startAt(options, position) : startNew(store, id);
  const target = createObjectTarget({ ...options, start });
  return options.gzip ? createGzipTarget(target) : target;
}

/**
 * Makes sure that a new object stands in nobody's way.
 *
 * @throws {DecantError} `OUTPUT_EXISTS`.
 */
export async function clearPlace(
  store: Store,
  key: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  const [exists, uploads, remainders] = await Promise.all([
    store.head(key),
    store.listUploads(key),
    listAll(store, remainderPrefix(key)),
  ]);
  if (force) {
    for (const id of uploads) await store.abortUpload({ key, id });
    for (const remainder of remainders) await store.remove(remainder);
    return;
  }
  if (exists) throw outputExists(store, key);
  if (uploads.length > 0 || remainders.length > 0) {
    throw unfinished(store, key);
  }
}

async function listAll(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

function startNew({ options }: Store, id: string): ObjectStart {
  const position = { id, bytes: 0, part: options.partBytes };
  return { position, remainder: nothing, finished: false };
}

async function startAt(
  { store, key, finishing }: OpenObjectOptions,
  position: ObjectPosition,
): Promise<ObjectStart> {
  const { id, bytes, part, upload } = position;
  if (finishing && (await store.head(key))?.mark === id) {
    return { position, remainder: nothing, finished: true };
  }
  const remainders = createRemainders({ store, key, id });
  const remainder =
    bytes > 0 ? await remainders.load(Math.floor(bytes / part), bytes % part) : nothing;
  if (!remainder) throw stateMismatch(store, key, "the end of what was written is gone");
  if (upload === undefined) await dropBegun({ store, key, id });
  else await requireParts({ store, key, upload, etags: remainder.etags });
  return { position, remainder, finished: false };
}

interface Needed {
  readonly store: Store;
  readonly key: string;
  readonly upload: string;
  readonly etags: readonly string[];
}

/** Fails at once on what would fail at the end. */
async function requireParts({ store, key, upload, etags }: Needed): Promise<void> {
  const found = await store.listParts({ key, id: upload });
  if (!found) throw stateMismatch(store, key, "its unfinished upload is gone");
  // Some stores write them with quotes in one answer and without in another.
  const nameOf = (number: number, etag: string) => `${number} ${etag.replaceAll('"', "")}`;
  const there = new Set(found.map(({ number, etag }) => nameOf(number, etag)));
  if (etags.every((etag, index) => there.has(nameOf(index + 1, etag)))) return;
  throw stateMismatch(store, key, "parts of its unfinished upload are missing");
}

export interface Begun {
  readonly store: Store;
  readonly key: string;
  readonly id: string;
}

/**
 * Drops an upload that was begun after the last commit, before a crash. It does not say whose it is,
 * so that it stays where another export is at work.
 */
export async function dropBegun({ store, key, id }: Begun): Promise<void> {
  const uploads = await store.listUploads(key);
  if (uploads.length === 0) return;
  const prefix = remainderPrefix(key);
  for await (const found of store.list(prefix)) if (!found.startsWith(prefix + id)) return;
  for (const upload of uploads) await store.abortUpload({ key, id: upload });
}
