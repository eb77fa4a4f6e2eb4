import { createHash } from "node:crypto";
import { lstat, open, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DecantError, isDecantError, type SecretStore } from "@decant/core";
import { syncFolder, systemCode } from "@decant/core/file";
import { isForeign, isOpen } from "./folder-flaw.ts";
import { makePrivateFolder } from "./private-folder.ts";
import { takeTurn } from "./take-turn.ts";

/** Where {@linkcode secretStore} keeps secrets. */
export interface SecretStoreOptions {
  /** The folder, which nothing else may use. It is made, for its owner only, when it is not there. */
  readonly folder: string;
  /** How long to wait for a process that changes the same secret, in milliseconds. @default {60000} */
  readonly patienceMs?: number;
  /** The user's number, as of `process.getuid()`. Absent: owners are not looked at, only modes. */
  readonly uid?: number;
}

/** A login is less than a few kilobytes. */
const longest = 1024 * 1024;

/**
 * Keeps secrets in files that only their owner can read, one file for each. A change is durable and
 * at once: a reader finds the old secret or the new one. Of several processes that change the same
 * one, each waits for the one before.
 *
 * @param options Where they are kept.
 * @returns The store. Its functions throw a {@linkcode DecantError}: `SECRET_STORE_EXPOSED` where others may
 * have read a secret, `SECRET_STORE_INVALID` where a file is damaged, `SECRET_STORE_FAILED` where one
 * cannot be read or written, and `SECRET_STORE_BUSY` where another process takes too long.
 *
 * @example
 * ```ts
 * import { secretStore } from "@decant/token-cache";
 *
 * const store = secretStore({ folder: "/home/me/.config/example/secrets" });
 * await store.update("login", async (old) => old ?? "a refresh token");
 * console.log(await store.get("login"));
 * ```
 */
export function secretStore(options: SecretStoreOptions): SecretStore {
  const { uid, patienceMs = 60_000 } = options;
  const folder = resolve(options.folder);

  async function takeLock(file: string, signal: AbortSignal): Promise<AsyncDisposable> {
    const turn = { folder, patienceMs, signal, isDone: () => false };
    const lock = await tryTo(`keep a secret in "${folder}"`, async () => {
      await makePrivateFolder(folder, uid);
      return await takeTurn(file, turn);
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
    if (lock) return lock;
    throw new DecantError("SECRET_STORE_BUSY", `Cannot change a secret in "${folder}": others do`, {
      ...{ kind: "credentials", retryable: true },
      hint: "Wait for the other process, or end it, and try again.",
    });
  }

  const get: SecretStore["get"] = (name) => read(join(folder, fileName(name)), name, uid);
  return {
    get,
    async update(name, change, { signal = new AbortController().signal } = {}) {
      signal.throwIfAborted();
      const file = fileName(name);
      await using _lock = await takeLock(file, signal);
      const old = await get(name);
      const secret = await change(old);
      if (secret === old) return;
      await tryTo(`keep a secret in "${folder}"`, () => replace(folder, { file, name, secret }));
    },
  };
}

/** Tells nothing, and suits any file system. */
function fileName(name: string): string {
  return `${createHash("sha256").update(name).digest("hex").slice(0, 32)}.secret`;
}

async function read(path: string, name: string, uid?: number): Promise<string | undefined> {
  const text = await tryTo(`read "${path}"`, async () => {
    const found = await lstat(path).catch((error: unknown) => {
      // Where there is no folder, there is no secret.
      if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return undefined;
      throw error;
    });
    if (!found) return undefined;
    if (!found.isFile() || found.size > longest) throw invalid(path);
    if (isForeign(found, uid) || isOpen(found)) throw exposed(path);
    return await readFile(path, "utf8");
  });
  if (text === undefined) return undefined;
  const secret = parse(text, name);
  if (secret === undefined) throw invalid(path);
  return secret;
}

function parse(text: string, name: string): string | undefined {
  try {
    const { version, name: stored, secret } = JSON.parse(text);
    return version === 1 && stored === name && typeof secret === "string" ? secret : undefined;
  } catch {
    return undefined;
  }
}

interface Replacement {
  readonly file: string;
  readonly name: string;
  readonly secret: string | undefined;
}

async function replace(folder: string, { file, name, secret }: Replacement): Promise<void> {
  const path = join(folder, file);
  if (secret === undefined) await rm(path, { force: true });
  else {
    // Whoever holds the lock may take away what one left that was killed.
    const draft = `${path}.part`;
    await rm(draft, { force: true });
    try {
      await writeDurably(draft, JSON.stringify({ version: 1, name, secret }));
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  }
  await syncFolder(folder);
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, "wx", 0o600);
  await file.writeFile(text);
  await file.sync();
}

async function tryTo<T>(action: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (cause) {
    if (isDecantError(cause)) throw cause;
    const { message } = cause as Error;
    const state = systemCode(cause) ?? message;
    throw new DecantError("SECRET_STORE_FAILED", `Cannot ${action}: ${state}`, {
      kind: "usage",
      hint: "Make the folder writable for you alone, or let XDG_CONFIG_HOME name another one.",
      cause,
    });
  }
}

function exposed(path: string): DecantError {
  return new DecantError(
    "SECRET_STORE_EXPOSED",
    `Cannot use the secret in "${path}": others may read or write it`,
    {
      kind: "credentials",
      hint: `If nobody did: chmod 600 '${path}'. Else remove it, and log in again.`,
    },
  );
}

function invalid(path: string): DecantError {
  return new DecantError("SECRET_STORE_INVALID", `Cannot use the secret in "${path}": it is none`, {
    kind: "credentials",
    hint: "Remove the file, and log in again.",
  });
}
