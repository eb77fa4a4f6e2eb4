import { join } from "node:path";
import { type Entry, formatEntry } from "./entry.ts";
import { writePrivateFile } from "./write-private-file.ts";

/** Puts an entry into the folder. A torn file does not match its hash, and a token can be had again. */
export async function writeEntry(
  folder: string,
  name: string,
  { entry, uid }: { readonly entry: Entry; readonly uid: number | undefined },
): Promise<void> {
  await writePrivateFile(join(folder, `${name}.token`), formatEntry(name, entry), {
    uid,
    // So that sweeping need not read what it is to remove.
    modified: entry.token.expiresAt,
  });
}
