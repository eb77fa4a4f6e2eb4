import { link, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@decant/core/file";

const length = 32;

/** Reads the key of the user on this machine, if one was made. */
export async function readSealKey(folder: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await readFile(join(folder, "key")).catch(() => undefined);
  return bytes?.byteLength === length ? new Uint8Array(bytes) : undefined;
}

/**
 * Reads that key, and makes it at first need. Of several processes at once all get the same one.
 *
 * @returns Nothing where no key can be kept, as in a home folder that is read-only.
 */
export async function makeSealKey(folder: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const found = await readSealKey(folder);
  if (found) return found;
  const draft = join(folder, `key.${crypto.randomUUID()}`);
  try {
    await makeFolder(folder);
    await writeDurably(draft, crypto.getRandomValues(new Uint8Array(length)));
    // A link fails where a key is already, so that no process replaces another's.
    await link(draft, join(folder, "key"));
  } catch {
    // Whoever came first made it, or nobody can.
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
  return await readSealKey(folder);
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, "wx", 0o600);
  await file.writeFile(bytes);
  await file.sync();
}
