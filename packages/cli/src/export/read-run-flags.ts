import { DecantError } from "@decant/core";
import { parseHeaders } from "../config/parse-headers.ts";
import { readEnv } from "../config/read-env.ts";
import type { RunFlags } from "./run-flags.ts";

/** The flags as oclif parsed them, and where the rows go. */
export interface ParsedRunFlags extends Omit<RunFlags, "headers"> {
  readonly header?: readonly string[] | undefined;
}

/**
 * Checks the flags of a run.
 *
 * @param destination Where the rows go.
 * @throws {DecantError} `HEADER_INVALID`, or `STDOUT_TAKEN` for `--json` with rows on `-`.
 */
export function readRunFlags(flags: ParsedRunFlags, destination: string): RunFlags {
  if (flags.json && destination === "-") {
    throw new DecantError("STDOUT_TAKEN", 'Cannot print JSON to "-": the rows go there', {
      kind: "usage",
      hint: "Leave --json out, or name a file with --output.",
    });
  }
  const { quiet, json, debug, concurrency, header = [] } = flags;
  const fromEnv = (readEnv("DECANT_HEADERS") ?? "").split("\n");
  return { quiet, json, debug, concurrency, headers: parseHeaders([...fromEnv, ...header]) };
}
