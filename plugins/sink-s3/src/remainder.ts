import { concatBytes } from "@decant/core";
import type { ObjectKind, Store } from "./store.ts";

const lineFeed = 0x0a;

/** What a commit leaves besides the parts. */
export interface Remainder {
  /** Of all parts: a store may hold others of the same numbers, from before a crash. */
  readonly etags: readonly string[];
  /** What fills no part yet. */
  readonly rest: Uint8Array;
}

/**
 * What is committed and fills no part yet lies in an object of its own until the next commit but
 * one: the host may go back to the position before the last. Its name begins with `_`, as readers of
 * data lakes leave such objects alone.
 */
export interface Remainders {
  save(remainder: Remainder): Promise<void>;
  /** That of so many parts, with so many bytes; nothing where it is gone or not as it was. */
  load(parts: number, bytes: number): Promise<Remainder | undefined>;
  /** Drops those of fewer parts. */
  dropBefore(parts: number): Promise<void>;
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
  const keyOf = (parts: number) => `${prefix}${String(parts).padStart(5, "0")}`;
  const kind: ObjectKind = { contentType: "application/octet-stream", mark: id, passing: true };
  const saved = new Set<number>();

  return {
    async save({ etags, rest }) {
      const line = new TextEncoder().encode(`${JSON.stringify({ etags })}\n`);
      const body = concatBytes([line, rest]);
      await store.put(keyOf(etags.length), body, { kind, replace: true });
      saved.add(etags.length);
    },
    async load(parts, bytes) {
      const found = await store.head(keyOf(parts));
      if (!found) return undefined;
      saved.add(parts);
      const whole = await store.get(keyOf(parts), { from: 0, to: found.bytes - 1 });
      const end = whole.indexOf(lineFeed);
      const etags = parseEtags(whole.subarray(0, end));
      // There may be more: what was committed after the position.
      const rest = whole.slice(end + 1, end + 1 + bytes);
      return etags?.length === parts && rest.byteLength === bytes ? { etags, rest } : undefined;
    },
    async dropBefore(parts) {
      for (const old of saved) {
        if (old >= parts) continue;
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

function parseEtags(line: Uint8Array): string[] | undefined {
  try {
    const { etags } = JSON.parse(new TextDecoder().decode(line)) as { readonly etags?: unknown };
    return Array.isArray(etags) && etags.every((etag) => typeof etag === "string")
      ? etags
      : undefined;
  } catch {
    return undefined;
  }
}
