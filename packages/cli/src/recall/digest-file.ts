import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs";

/** As much as a provider may read of one. */
const maxBytes = 1024 * 1024;

/**
 * The hash of what is in a file; `null` where there is none. Nothing for what is no regular file, such
 * as a pipe, which is left as it is, and for what cannot be read.
 */
export function digestFile(path: string): string | null | undefined {
  let file: number | undefined;
  try {
    // To open a pipe would wake who writes into it, and to leave it again would end him.
    if (!statSync(path).isFile()) return undefined;
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(file);
    return found.isFile() && found.size <= maxBytes ? digest(readFileSync(file)) : undefined;
  } catch (error) {
    return isMissing(error) ? null : undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The hash of the bytes of a file. */
export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Whether a file could not be read since it is not there. */
export function isMissing(error: unknown): boolean {
  const { code } = Object(error) as { readonly code?: unknown };
  return code === "ENOENT" || code === "ENOTDIR";
}
