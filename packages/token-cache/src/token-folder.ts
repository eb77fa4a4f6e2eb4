import { resolve } from "node:path";
import type { Token } from "@decant/core";
import { attempt } from "@decant/core/file";
import { livesLongEnough } from "./lives-long-enough.ts";
import { makePrivateFolder } from "./private-folder.ts";
import { readEntry } from "./read-entry.ts";
import { removeEntries } from "./remove-entries.ts";
import { sweepFolder } from "./sweep-folder.ts";
import { type TakeTurnOptions, takeTurn } from "./take-turn.ts";
import { writeEntry } from "./write-entry.ts";

/** What is known of the folder that {@linkcode tokenFolder} works on. */
export interface TokenFolderOptions {
  readonly folder: string;
  readonly uid?: number | undefined;
  readonly now: () => number;
  /** Told, once each, why something cannot be done. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** What a token must be. */
interface FindOptions {
  readonly minTtlMs?: number | undefined;
  /** One got since then, in milliseconds since 1970, may live for less than the default. */
  readonly since?: number;
}

/** A folder of tokens. Nothing here fails: what cannot be done is told as a warning. */
export interface TokenFolder {
  find(name: string, options: FindOptions): Token | undefined;
  keep(name: string, token: Token): Promise<void>;
  /** Waits for the lock; nothing when it was done by another, took too long, or there is no lock to be had. */
  takeTurn(
    name: string,
    options: Omit<TakeTurnOptions, "folder">,
  ): Promise<AsyncDisposable | undefined>;
  /** Removes all tokens. */
  clear(): Promise<void>;
}

/** Opens a folder of tokens, which need not be there. */
export function tokenFolder({ uid, now, ...options }: TokenFolderOptions): TokenFolder {
  const folder = resolve(options.folder);
  const warned = new Set<string>();

  async function tryTo<T>(
    action: string,
    task: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    try {
      return await attempt(`${action} "${folder}"`, task);
    } catch (error) {
      signal?.throwIfAborted();
      const { message } = error as Error;
      if (!warned.has(message)) options.onWarning?.(message);
      warned.add(message);
      return undefined;
    }
  }

  return {
    find(name, { minTtlMs, since = Number.POSITIVE_INFINITY }) {
      const entry = readEntry(name, { folder, uid, now });
      if (!entry) return undefined;
      const least = entry.mintedAt >= since ? (minTtlMs ?? 0) : minTtlMs;
      return livesLongEnough(entry, least, now()) ? entry.token : undefined;
    },
    async keep(name, token) {
      const { expiresAt } = token;
      const mintedAt = now();
      if (!expiresAt || !(expiresAt.getTime() > mintedAt)) return;
      await tryTo("keep tokens in", async () => {
        await writeEntry(folder, name, {
          entry: { token: { ...token, expiresAt }, mintedAt },
          uid,
        });
        await sweepFolder(folder, mintedAt);
      });
    },
    takeTurn(name, turn) {
      const task = async () => {
        await makePrivateFolder(folder, uid);
        return takeTurn(name, { ...turn, folder });
      };
      return tryTo("keep tokens in", task, turn.signal);
    },
    async clear() {
      await tryTo("remove tokens from", () => removeEntries(folder));
    },
  };
}
