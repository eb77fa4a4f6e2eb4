import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "@decant/core/file";

/** Removes all tokens. */
export async function removeEntries(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  });
  for (const name of names) {
    if (name.endsWith(".token")) await rm(join(folder, name), { force: true });
  }
}
