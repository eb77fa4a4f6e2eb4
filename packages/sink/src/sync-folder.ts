import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./sink-error.ts";

/** What a folder answers that cannot be opened or synced; the entry is as safe as it gets then. */
const unsupported = new Set(["EACCES", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"]);

/**
 * Makes the entries of a folder durable: syncing a file does not make its name survive a power cut.
 *
 * @param folder The folder that holds the entry.
 * @param top Also sync each folder above, up to this one. Absent: only `folder`.
 */
export async function syncFolder(folder: string, top: string = folder): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    await syncOne(path);
    if (path === top || path === dirname(path)) return;
  }
}

async function syncOne(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!unsupported.has(systemCode(error) ?? "")) throw error;
  }
}
