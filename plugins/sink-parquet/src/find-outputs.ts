import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "@decant/core/file";
import { isDayFolder, isStreamName, type OutputFile, parsePath, parseWorkName } from "./layout.ts";

/** What lies in the folder of an output. */
export interface FoundOutputs {
  /** Finished files, in the order of their paths: runs of a stream follow each other in time. */
  readonly files: readonly OutputFile[];
  /** The runs that are not finished; `true` stands for one that does not add to others. */
  readonly unfinished: readonly (string | true)[];
}

/**
 * Looks for what this sink wrote into a folder. Files of other names are not its business.
 *
 * @throws the system's error where the folder cannot be read.
 */
export async function findOutputs(folder: string): Promise<FoundOutputs> {
  const paths: string[] = [];
  const unfinished: (string | true)[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const run = parseWorkName(entry.name);
    if (!entry.isDirectory()) paths.push(entry.name);
    else if (run !== undefined) unfinished.push(run);
    else if (isDayFolder(entry.name)) paths.push(...(await list(folder, entry.name)));
    else if (isStreamName(entry.name)) {
      for (const day of await list(folder, entry.name)) {
        if (isDayFolder(day.slice(entry.name.length + 1))) paths.push(...(await list(folder, day)));
      }
    }
  }
  return { files: paths.sort().flatMap((path) => parsePath(path) ?? []), unfinished };
}

async function list(folder: string, below: string): Promise<string[]> {
  const names = await readdir(join(folder, below)).catch((error: unknown) => {
    // A file has the name of a folder.
    if (systemCode(error) === "ENOTDIR") return [];
    throw error;
  });
  return names.map((name) => `${below}/${name}`);
}
