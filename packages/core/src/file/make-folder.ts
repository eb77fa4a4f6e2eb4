import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { systemCode } from "./system-code.ts";

/**
 * Makes a folder and those above it that are missing. Unlike `mkdir()` with `recursive` it ends on
 * file systems such as `/proc`, which answer "not found" below a folder that is there.
 *
 * @param path The folder.
 * @returns The topmost folder that was made, as an absolute path, for
 * {@linkcode syncFolder}; nothing if all were there.
 *
 * @throws the system's error, such as `EACCES`, or `ENOTDIR` where a file is in the way.
 *
 * @example
 * ```ts
 * import { dirname } from "node:path";
 * import { makeFolder, syncFolder } from "@decant/core/file";
 *
 * const made = await makeFolder("exports/2026");
 * if (made !== undefined) await syncFolder("exports/2026", dirname(made));
 * ```
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const folder = resolve(path);
  const failure = await makeOne(folder);
  if (failure === undefined) return folder;
  if (systemCode(failure) !== "ENOENT") return await requireFolder(folder, failure);
  const above = dirname(folder);
  if (above === folder) throw failure;
  const made = await makeFolder(above);
  // Tried just once more: whoever says again that the folder above is missing will always say so.
  const again = await makeOne(folder);
  if (again !== undefined) await requireFolder(folder, again);
  return made ?? (again === undefined ? folder : undefined);
}

async function makeOne(folder: string): Promise<unknown> {
  try {
    await mkdir(folder);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A folder that is there may also answer that it is read-only. */
async function requireFolder(folder: string, failure: unknown): Promise<undefined> {
  const found = await stat(`${folder}/.`).catch((error: unknown) => {
    throw systemCode(error) === "ENOTDIR" ? error : failure;
  });
  if (!found.isDirectory()) throw failure;
}
