import { rm, stat } from "node:fs/promises";
import { DecantError } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";

/** Where a file will lie, and whether one that is there may be replaced. */
export interface Place {
  readonly destination: string;
  readonly force: boolean;
}

/** The name of a file while it is worked on. */
export function partOf(destination: string): string {
  return `${destination}.part`;
}

/**
 * Makes way for a new part file.
 *
 * @throws {DecantError} `OUTPUT_EXISTS` where a file, or a part that holds something, must stay.
 */
export async function clearPlace(place: Place): Promise<void> {
  await refuseToReplace(place);
  const part = partOf(place.destination);
  const size = await fileSize(part);
  if (size && !place.force) throw unfinished(part);
  // An empty one holds nothing: a run that crashed before its first row left it.
  if (place.force || size === 0) await removeFile(part);
}

/** @throws {DecantError} `OUTPUT_EXISTS` where a file must stay. */
export async function refuseToReplace({ destination, force }: Place): Promise<void> {
  if (force || (await fileSize(destination)) === undefined) return;
  throw new DecantError("OUTPUT_EXISTS", `Cannot write "${destination}": it exists`, {
    kind: "usage",
    hint: "Choose another name, or replace it with --force.",
  });
}

/** Says that somebody else's part file is in the way. */
export function unfinished(part: string): DecantError {
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${part}": an unfinished export is there`, {
    kind: "usage",
    hint: "Resume that export, choose another name, or replace it with --force.",
  });
}

/** The size of a file in bytes; nothing where there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  return await attempt(`look at "${path}"`, async () => {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}

/** Removes a file that may be there. */
export async function removeFile(path: string): Promise<void> {
  await attempt(`remove "${path}"`, () => rm(path, { force: true }));
}
