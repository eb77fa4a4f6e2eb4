import { readdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DecantError } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";
import { isDayFolder, type Layout } from "./layout.ts";

/**
 * Refuses a destination that can never hold the output.
 *
 * @throws {DecantError} `OUTPUT_INVALID`; `OUTPUT_EXISTS` in the midst of a table.
 */
export async function checkDestination({ destination, folder, byDay }: Layout): Promise<void> {
  if (destination === "-") throw invalid(destination, "Parquet cannot be printed", "Name a file.");
  if (destination === "") throw invalid(destination, "it names no file", "Name a file.");
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(destination)) {
    throw invalid(destination, "it is an address, not a file", "Give the path of a file.");
  }
  const found = await attempt(`write "${destination}"`, () => look(destination));
  if (folder && found && !found.isDirectory()) {
    const hint = "Several streams, runs that add to others, and days need a folder: name one.";
    throw invalid(destination, "it is no folder", hint);
  }
  const misfit = found ? !found.isFile() : destination.endsWith("/");
  if (!folder && misfit) {
    throw invalid(destination, "it names no file", "Give a path that ends with a file's name.");
  }
  if (byDay && !found) await refuseTable(dirname(resolve(destination)));
}

/** A table within a table would have its rows counted twice by whoever reads the outer one. */
async function refuseTable(above: string): Promise<void> {
  const names = await readdir(above).catch(() => []);
  if (!names.some(isDayFolder)) return;
  throw new DecantError("OUTPUT_EXISTS", `Cannot write into "${above}": it is an export by day`, {
    kind: "usage",
    hint: "Choose another name, or remove that folder first.",
  });
}

async function look(path: string) {
  return await stat(path).catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw error;
  });
}

function invalid(path: string, state: string, hint: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot write "${path}": ${state}`, {
    kind: "usage",
    hint,
  });
}
