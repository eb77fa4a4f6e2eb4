import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./journal.ts";
import type { Manifest } from "./manifest.ts";

/** Puts a manifest in the place of the journal, at once and for good. */
export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}
