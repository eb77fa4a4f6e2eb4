import { readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DecantError } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";

/** Who holds a lock, and how to tell whether somebody still does. */
export interface LockOwner {
  readonly pid: number;
  /** When that process started, in any form: its number may go to another process later. */
  readonly started: string;
  /** Tells whether a process that took a lock is still there. */
  isAlive(holder: { readonly pid: number; readonly started: string }): Promise<boolean>;
}

/**
 * Takes a lock that dies with its process. Everybody who wants it puts down a claim, an empty
 * file whose name says who it is, and only then looks at the claims of others: so of two at the
 * same instant at least one sees the other. A claim is never taken over, only removed once its
 * process is gone, so there is no instant at which two can hold the lock; two who come at the
 * very same instant may both be refused.
 *
 * @throws {DecantError} `STATE_LOCKED` while somebody else holds it.
 */
export async function takeLock(path: string, owner: LockOwner): Promise<AsyncDisposable> {
  const prefix = `${basename(path)}.`;
  const own = `${prefix}${owner.pid}-${encodeURIComponent(owner.started)}`;
  const folder = dirname(path);
  await attempt(`lock "${path}"`, async () => {
    await writeFile(join(folder, own), "", { flag: "wx", mode: 0o600 }).catch((error: unknown) => {
      throw systemCode(error) === "EEXIST" ? locked(path, owner.pid) : error;
    });
  });
  const release = () => rm(join(folder, own), { force: true });
  try {
    for (const name of await readdir(folder)) {
      if (name === own || !name.startsWith(prefix)) continue;
      const holder = parseClaim(name.slice(prefix.length));
      if (!holder) continue;
      if (await owner.isAlive(holder)) throw locked(path, holder.pid);
      await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { [Symbol.asyncDispose]: release };
}

function parseClaim(text: string): { pid: number; started: string } | undefined {
  const [, pid, started] = /^(\d+)-(.*)$/.exec(text) ?? [];
  if (pid === undefined || started === undefined) return undefined;
  try {
    return { pid: Number(pid), started: decodeURIComponent(started) };
  } catch {
    return undefined; // Somebody else's file.
  }
}

function locked(path: string, pid: number): DecantError {
  return new DecantError("STATE_LOCKED", `Cannot lock "${path}": process ${pid} is at work on it`, {
    kind: "usage",
    hint: "Wait until that export has ended, or stop it.",
    retryable: true,
  });
}
