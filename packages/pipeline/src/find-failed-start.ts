import { DecantError, isDecantError, type Json } from "@decant/core";
import type { Job } from "./job.ts";
import { readJournal } from "./read-journal.ts";
import { readState } from "./read-state.ts";

/** An export that failed before its first row, and left nothing that anybody could miss. */
export interface FailedStart {
  /** Where the sink stood, if the next try goes to the same place. */
  positionFor(job: Job): Json | undefined;
}

/** Such an export does not stand in the way of the next try. Any other does. */
export async function findFailedStart(state: string): Promise<FailedStart | undefined> {
  try {
    const found = await readState(state);
    if (found.kind === "manifest") throw stateEnded(state);
    // A run of a series knows of earlier ones, and that must not be lost.
    if (found.rows > 0 || found.series) throw stateExists(state);
  } catch (error) {
    if (isDecantError(error) && error.code === "STATE_NOT_FOUND") return undefined;
    throw error;
  }
  const { ledger } = await readJournal(state);
  const { sink } = ledger.header.job;
  return {
    positionFor: (job) =>
      job.sink.name === sink.name && job.sink.destination === sink.destination
        ? ledger.position
        : undefined,
  };
}

function stateEnded(path: string): DecantError {
  return new DecantError("STATE_EXISTS", `Cannot begin "${path}": an export has ended there`, {
    kind: "usage",
    hint: "Choose another output, or replace it with --force.",
  });
}

function stateExists(path: string): DecantError {
  return new DecantError("STATE_EXISTS", `Cannot begin "${path}": an unfinished export is there`, {
    kind: "usage",
    hint: `Unfinished export: run "decant resume ${path}", or --force.`,
  });
}
