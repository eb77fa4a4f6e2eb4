import { stat } from "node:fs/promises";
import { DecantError } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";

/**
 * Refuses what can be no file of a database.
 *
 * @throws {DecantError} `OUTPUT_INVALID`.
 */
export async function checkDestination(path: string): Promise<void> {
  if (path === "-") throw invalid(path, "a database cannot be printed");
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) throw invalid(path, "it is an address, not a file");
  if (path === "" || /[/\\]$/.test(path)) throw invalid(path, "it names no file");
  const found = await attempt(`write "${path}"`, () => statIfThere(path));
  if (found && !found.isFile()) throw invalid(path, "it is no file");
}

/** The size of a file in bytes; nothing where there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  return await attempt(`look at "${path}"`, async () => (await statIfThere(path))?.size);
}

async function statIfThere(path: string) {
  return await stat(path).catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw error;
  });
}

function invalid(path: string, state: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot write "${path}": ${state}`, {
    kind: "usage",
    hint: "Name a file with --output, such as events.sqlite.",
  });
}
