import { lstat, open, rename, rm } from "node:fs/promises";
import { DecantError } from "@decant/core";

/**
 * Writes a file that only its owner may read, at once and whole, in place of the one that may be there.
 *
 * @throws {DecantError} `FILE_UNWRITABLE`.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const part = `${path}.${crypto.randomUUID()}`;
  try {
    // To replace a device such as /dev/stdout would be worse than to fail.
    const found = await lstat(path).catch(() => undefined);
    if (found && !found.isFile()) throw unwritable(path, "it is no regular file");
    await write(part, text);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "FILE_UNWRITABLE" ? error : unwritable(path, code ?? message);
  }
}

async function write(path: string, text: string): Promise<void> {
  await using file = await open(path, "wx", 0o600);
  await file.writeFile(text);
}

function unwritable(path: string, state: string): DecantError {
  return new DecantError("FILE_UNWRITABLE", `Cannot write "${path}": ${state}`, {
    kind: "usage",
    hint: "Name a file in a folder that you may write to.",
  });
}
