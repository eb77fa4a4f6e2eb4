import { createGzipTarget } from "./gzip-target.ts";
import { createObjectTarget, type ObjectStart, type ObjectTarget } from "./object-target.ts";
import { outputExists, stateMismatch } from "./output-error.ts";
import type { ObjectPosition } from "./position.ts";
import { createRemainders, remainderPrefix } from "./remainder.ts";
import type { Store } from "./store.ts";

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
    isThere(store, key),
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
    throw outputExists(store, key, "an unfinished export is there");
  }
}

async function listAll(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

/** By listing it, as an answer to HEAD does not say what is wrong. */
async function isThere(store: Store, key: string): Promise<boolean> {
  // The key itself comes first of all that begin so.
  for await (const found of store.list(key)) return found === key;
  return false;
}

function startNew({ options }: Store, id: string): ObjectStart {
  const position = { id, bytes: 0, part: options.partBytes };
  return { position, rest: new Uint8Array(), etags: [], finished: false };
}

async function startAt(
  { store, key, finishing }: OpenObjectOptions,
  position: ObjectPosition,
): Promise<ObjectStart> {
  const nothing = { position, rest: new Uint8Array(), etags: [], finished: false };
  if (finishing && (await store.head(key))?.mark === position.id) {
    return { ...nothing, finished: true };
  }
  const full = Math.floor(position.bytes / position.part);
  const over = position.bytes % position.part;
  const etags = full > 0 ? await findParts(store, key, position) : [];
  const remainders = createRemainders({ store, key, id: position.id });
  const rest = over > 0 ? await remainders.load(full, over) : new Uint8Array();
  if (!rest) throw stateMismatch(store, key, "the end of what was written is gone");
  if (position.upload === undefined) await dropBegun({ store, key, id: position.id });
  return { ...nothing, rest, etags };
}

async function findParts(store: Store, key: string, position: ObjectPosition): Promise<string[]> {
  const { upload = "", part, bytes } = position;
  const found = await store.listParts({ key, id: upload });
  if (!found) throw stateMismatch(store, key, "its unfinished upload is gone");
  // What was uploaded after the position is replaced by what comes now.
  const parts = found.slice(0, Math.floor(bytes / part));
  const whole = parts.every((own, index) => own.number === index + 1 && own.bytes === part);
  if (!whole || parts.length < Math.floor(bytes / part)) {
    throw stateMismatch(store, key, "parts of its unfinished upload are missing");
  }
  return parts.map(({ etag }) => etag);
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
