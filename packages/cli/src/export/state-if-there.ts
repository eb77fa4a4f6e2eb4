import { isDecantError } from "@decant/core";
import { readState, type State } from "@decant/pipeline";

/** Reads a state, if there is one. */
export async function stateIfThere(state: string): Promise<State | undefined> {
  try {
    return await readState(state);
  } catch (error) {
    if (isDecantError(error) && error.code === "STATE_NOT_FOUND") return undefined;
    throw error;
  }
}
