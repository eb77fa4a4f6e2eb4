import type { DecantError } from "@decant/core";

/** What the exit codes mean. docs/errors.md explains them. */
export const exitCodes = {
  bug: 1,
  usage: 2,
  credentials: 3,
  partial: 4,
  source: 5,
  sink: 6,
  verify: 7,
} as const;

/** Gives the exit code for an error. */
export function exitCode({ kind, retryable }: Pick<DecantError, "kind" | "retryable">): number {
  if (kind === "source" && retryable) return exitCodes.partial;
  return exitCodes[kind];
}
