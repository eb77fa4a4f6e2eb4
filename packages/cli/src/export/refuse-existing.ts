import { DecantError, isDecantError } from "@decant/core";
import { readState, type State } from "@decant/pipeline";
import { shortPath } from "./choose-place.ts";

/**
 * Refuses to begin an export where one was begun or has ended.
 *
 * @throws {DecantError} `STATE_EXISTS` for one that can go on, `OUTPUT_EXISTS` for one that ended.
 */
export async function refuseExisting(state: string, destination: string): Promise<void> {
  const found = await readIfThere(state);
  if (!found) return;
  if (found.kind === "journal") {
    throw new DecantError(
      "STATE_EXISTS",
      `Cannot export to "${shortPath(destination)}": an unfinished export is there`,
      {
        kind: "usage",
        hint: `Unfinished export: run "decant resume ${shortPath(state)}", or --force.`,
      },
    );
  }
  throw new DecantError(
    "OUTPUT_EXISTS",
    `Cannot export to "${shortPath(destination)}": a finished export is there`,
    { kind: "usage", hint: "Name another file with --output, or replace it with --force." },
  );
}

async function readIfThere(state: string): Promise<State | undefined> {
  try {
    return await readState(state);
  } catch (error) {
    if (isDecantError(error) && error.code === "STATE_NOT_FOUND") return undefined;
    throw error;
  }
}
