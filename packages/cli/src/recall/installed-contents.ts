import { statSync } from "node:fs";
import { digestFile } from "./digest-file.ts";
import type { Contents } from "./recipe.ts";

/** How coarse the times of files are on the worst of disks, in milliseconds. */
const coarse = 2_000;

/**
 * What is in the files that decide which plugin gives what. They were read before this, so nothing
 * where one of them may have changed since the process began.
 */
export function installedContents(paths: Iterable<string>): Contents | undefined {
  const contents = new Map<string, string | null>();
  for (const path of paths) {
    const found = digestFile(path);
    if (found === undefined || changedSince(path, performance.timeOrigin - coarse))
      return undefined;
    contents.set(path, found);
  }
  return contents;
}

function changedSince(path: string, time: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.ctimeMs > time;
}
