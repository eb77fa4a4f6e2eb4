import { stat } from "node:fs/promises";
import { DecantError } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";

/** What a destination is. `free`: nothing is there. */
export type DestinationKind = "output" | "folder" | "file" | "device" | "free";

/**
 * Tells what a destination is.
 *
 * @throws {DecantError} `OUTPUT_INVALID` for what no sink of files can write.
 */
export async function destinationKind(path: string): Promise<DestinationKind> {
  if (path === "-") return "output";
  if (path === "") throw noFile(path);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) throw address(path);
  return await attempt(`write "${path}"`, async () => {
    const found = await stat(path).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw error;
    });
    if (found?.isDirectory() || (!found && path.endsWith("/"))) return "folder";
    if (!found) return "free";
    return found.isFile() ? "file" : "device";
  });
}

/** Says that a destination cannot be a file. */
export function noFile(path: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot write "${path}": it names no file`, {
    kind: "usage",
    hint: "Give a path that ends with the name of a file.",
  });
}

function address(path: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot write "${path}": it is an address, not a file`, {
    kind: "usage",
    hint: "Give the path of a file, or choose a sink that knows such addresses.",
  });
}
