import { stat } from "node:fs/promises";
import { DecantError, isDecantError } from "@decant/core";
import { readState, type State } from "@decant/pipeline";
import { shortPath } from "./choose-place.ts";

/**
 * Refuses to begin an export where one was begun or has ended.
 *
 * @returns Whether what is there holds no row, so that it may be replaced: an export that failed at
 * its start should not stand in the way of the next try.
 * @throws {DecantError} `STATE_EXISTS` for one that can go on, `OUTPUT_EXISTS` for one that ended.
 */
export async function refuseExisting(state: string, destination: string): Promise<boolean> {
  const found = await stateIfThere(state);
  if (!found) return false;
  if (found.kind === "journal") {
    if (found.rows === 0 && !(await exists(destination))) return true;
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

/** Reads a state, if there is one. */
export async function stateIfThere(state: string): Promise<State | undefined> {
  try {
    return await readState(state);
  } catch (error) {
    if (isDecantError(error) && error.code === "STATE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Whether something is there, or may be: what is no file cannot be looked at. */
async function exists(destination: string): Promise<boolean> {
  if (destination === "-") return false;
  if (destination.includes("://")) return true;
  return await stat(destination).then(
    () => true,
    () => false,
  );
}
