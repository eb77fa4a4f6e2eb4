import type { ObjectKind, Store } from "./store.ts";

/**
 * What is committed and fills no part yet lies in an object of its own until the next commit but
 * one: the host may go back to the position before the last. Its name begins with `_`, as readers of
 * data lakes leave such objects alone.
 */
export interface Remainders {
  save(part: number, bytes: Uint8Array): Promise<void>;
  /** The first bytes of one; nothing where it is gone or shorter. */
  load(part: number, bytes: number): Promise<Uint8Array | undefined>;
  /** Drops those of the parts before one. */
  dropBefore(part: number): Promise<void>;
  dropAll(): Promise<void>;
}

export interface RemainderOptions {
  readonly store: Store;
  /** The key of the object that they belong to. */
  readonly key: string;
  /** The export that writes it. */
  readonly id: string;
}

export function createRemainders({ store, key, id }: RemainderOptions): Remainders {
  const prefix = `${remainderPrefix(key)}${id}-`;
  const keyOf = (part: number) => `${prefix}${String(part).padStart(5, "0")}`;
  const kind: ObjectKind = { contentType: "application/octet-stream", mark: id, passing: true };
  const saved = new Set<number>();

  return {
    async save(part, bytes) {
      await store.put(keyOf(part), bytes, { kind, replace: true });
      saved.add(part);
    },
    async load(part, bytes) {
      const found = await store.head(keyOf(part));
      if (!found || found.bytes < bytes) return undefined;
      saved.add(part);
      return await store.get(keyOf(part), { from: 0, to: bytes - 1 });
    },
    async dropBefore(part) {
      for (const old of saved) {
        if (old >= part) continue;
        await store.remove(keyOf(old));
        saved.delete(old);
      }
    },
    async dropAll() {
      for await (const found of store.list(prefix)) await store.remove(found);
    },
  };
}

/** What the keys of the remainders of an object begin with, whoever wrote it. */
export function remainderPrefix(key: string): string {
  const cut = key.lastIndexOf("/") + 1;
  return `${key.slice(0, cut)}_${key.slice(cut)}.part-`;
}

/** The key of the object that a remainder belongs to; nothing where a key is that of none. */
export function remainderOwner(key: string): string | undefined {
  const [, folder, name] = /^(.*\/)?_([^/]+)\.part-[^/]+$/s.exec(key) ?? [];
  return name === undefined ? undefined : `${folder ?? ""}${name}`;
}
