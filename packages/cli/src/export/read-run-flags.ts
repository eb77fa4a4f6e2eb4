import { DecantError } from "@decant/core";
import { parseDuration } from "../text/parse-duration.ts";
import type { RunFlags } from "./run-flags.ts";

/** The flags as oclif parsed them, and where the rows go. */
export interface ParsedRunFlags extends Omit<RunFlags, "maxMs"> {
  readonly "max-duration"?: string | undefined;
}

/** What a timer of Node can wait for. */
const longestMs = 2 ** 31 - 1;

/**
 * Checks the flags of a run.
 *
 * @param destination Where the rows go.
 * @throws {DecantError} `DURATION_INVALID`, or `STDOUT_TAKEN` for `--json` with rows on `-`.
 */
export function readRunFlags(flags: ParsedRunFlags, destination: string): RunFlags {
  if (flags.json && destination === "-") {
    throw new DecantError("STDOUT_TAKEN", 'Cannot print JSON to "-": the rows go there', {
      kind: "usage",
      hint: "Leave --json out, or name a file with --output.",
    });
  }
  const { quiet, json, debug, concurrency } = flags;
  return { quiet, json, debug, concurrency, maxMs: readMaxMs(flags["max-duration"]) };
}

function readMaxMs(text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseDuration(text);
  if (ms === undefined || (ms > 0 && ms <= longestMs)) return ms;
  throw new DecantError("DURATION_INVALID", `Cannot stop after "${text}": it is out of range`, {
    kind: "usage",
    hint: "Give --max-duration as 1s or more, and 24d or less.",
  });
}
