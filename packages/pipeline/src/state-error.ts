import { DecantError, isDecantError } from "@decant/core";

/**
 * What is thrown for a state that cannot be read.
 *
 * @param line The first line that makes no sense.
 * @param cause What it was found by. A `DecantError` is passed on as it is.
 */
export function stateCorrupt(path: string, line?: number, cause?: unknown): DecantError {
  if (isDecantError(cause)) return cause;
  const state = line ? `line ${line} is damaged` : "it is no state of an export";
  return new DecantError("STATE_CORRUPT", `Cannot read "${path}": ${state}`, {
    kind: "usage",
    hint: "Give the file that ends in .decant, not the output. If that is it, start again with --force.",
    cause,
  });
}

/** What is thrown for a state that another version wrote. */
export function stateVersion(path: string, version: unknown): DecantError {
  return new DecantError(
    "STATE_VERSION",
    `Cannot read "${path}": it has version ${JSON.stringify(version)}, and this is a reader of version 1`,
    { kind: "usage", hint: "Use the version of decant that began this export, or a newer one." },
  );
}
