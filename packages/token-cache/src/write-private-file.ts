import { randomBytes } from "node:crypto";
import { rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makePrivateFolder } from "./private-folder.ts";

/** How a private file is written. */
export interface WritePrivateFileOptions {
  /** The user's number, as of `process.getuid()`: nothing is written into a folder of somebody else. */
  readonly uid?: number | undefined;
  /** When it says it was changed. @default the present */
  readonly modified?: Date;
}

/**
 * Puts a text file into a folder at once and whole: who reads at the same time sees the old one or
 * this one. The folder is made, for its owner only, when it is not there. Nothing is synced: after a
 * power cut the file may be torn, and whoever reads it must be able to tell.
 *
 * @param path Where it goes, in a folder that has nothing but private files.
 * @throws {Error} where it cannot be written, or the folder is not the user's alone.
 *
 * @example
 * ```ts
 * import { writePrivateFile } from "@decant/token-cache/private-file";
 *
 * await writePrivateFile("/home/me/.cache/example/note", "keep this to yourself");
 * ```
 */
export async function writePrivateFile(
  path: string,
  text: string,
  { uid, modified }: WritePrivateFileOptions = {},
): Promise<void> {
  const folder = dirname(path);
  await makePrivateFolder(folder, uid);
  const part = join(folder, `${randomBytes(16).toString("hex")}.part`);
  try {
    await writeFile(part, text, { flag: "wx", mode: 0o600 });
    if (modified) await utimes(part, modified, modified);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {}); // Swept later.
    throw error;
  }
}
