import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { folderFlaw, isForeign, isOpen } from "./folder-flaw.ts";

/** What a private file may be like. */
export interface ReadPrivateFileOptions {
  /**
   * The user's number, as of `process.getuid()`: what others own is not read. Absent, as on Windows:
   * owners are not looked at, only modes.
   */
  readonly uid?: number | undefined;
  /** A longer file is not read. */
  readonly maxBytes: number;
}

// A link is not followed, and a pipe not waited for. Windows has neither.
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/**
 * Reads a text file that only its owner can have written: neither it nor its folder is a link, is
 * open to others, or belongs to somebody else.
 *
 * @param path Where it lies, in a folder that `writePrivateFile()` made.
 * @returns Its text, or nothing where there is none that can be trusted.
 *
 * @example
 * ```ts
 * import { readPrivateFile } from "@decant/token-cache/private-file";
 *
 * console.log(readPrivateFile("/home/me/.cache/example/note", { maxBytes: 1_000 }));
 * ```
 */
export function readPrivateFile(
  path: string,
  { uid, maxBytes }: ReadPrivateFileOptions,
): string | undefined {
  let file: number | undefined;
  try {
    if (folderFlaw(dirname(path), uid)) return undefined;
    file = openSync(path, flags);
    // Of what is open: whoever can rename a folder above it can put another in its place meanwhile.
    const found = fstatSync(file);
    if (!found.isFile() || found.size > maxBytes) return undefined;
    return isForeign(found, uid) || isOpen(found) ? undefined : readFileSync(file, "utf8");
  } catch {
    return undefined; // Not to be read, for whatever reason: writing will tell.
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
