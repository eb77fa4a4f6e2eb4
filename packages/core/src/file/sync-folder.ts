import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./system-code.ts";

/** What a folder answers that cannot be opened or synced; the entry is as safe as it gets then. */
const unsupported = new Set(["EACCES", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"]);

/**
 * Makes the entries of a folder durable: syncing a file does not make its name survive a power cut.
 * A folder that cannot be opened or synced, as on Windows, is left as it is.
 *
 * @param folder The folder that holds the entry.
 * @param top Also sync each folder above, up to this one. Absent: only `folder`.
 *
 * @example
 * ```ts
 * import { rename } from "node:fs/promises";
 * import { syncFolder } from "@decant/core/file";
 *
 * await rename("events.ndjson.part", "events.ndjson");
 * await syncFolder(".");
 * ```
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
