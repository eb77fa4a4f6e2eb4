import { stat } from "node:fs/promises";

/**
 * Tells what a destination is: standard output or a device, which keep nothing; an address that
 * some sink may know; or a file, there already or not.
 */
export async function outputKind(destination: string): Promise<"stream" | "address" | "file"> {
  if (destination === "-") return "stream";
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(destination)) return "address";
  const found = await stat(destination).catch(() => undefined);
  return found && !found.isFile() && !found.isDirectory() ? "stream" : "file";
}
