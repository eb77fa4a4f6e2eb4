import { DecantError, isDecantError } from "../decant-error.ts";
import { systemCode } from "./system-code.ts";

/**
 * Runs a task that touches files, and says in one sentence what kept it from being done.
 *
 * @param action What is done to what, such as `write "events.ndjson"`.
 * @param task What to run. A `DecantError` that it throws passes as it is.
 * @returns What the task gives.
 *
 * @throws {DecantError} `SINK_FULL`, `SINK_DENIED`, `OUTPUT_CLOSED`, `OUTPUT_INVALID` or
 * `SINK_FAILED`, with the system's error as its cause.
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { attempt } from "@decant/core/file";
 *
 * await attempt('write "state.json"', () => writeFile("state.json", "{}"));
 * ```
 */
export async function attempt<T>(action: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw isDecantError(error) ? error : fileError(`Cannot ${action}`, error);
  }
}

function fileError(failure: string, cause: unknown): DecantError {
  const code = systemCode(cause);
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new DecantError(
        "SINK_FULL",
        `${failure}: ${code === "ENOSPC" ? "the disk is full" : "the disk quota is used up"}`,
        { kind: "sink", hint: "Free some space, then resume the export.", retryable: true, cause },
      );
    case "EFBIG":
      return new DecantError("SINK_FULL", `${failure}: the file may not grow any further`, {
        kind: "sink",
        hint: "Raise the limit on file sizes and resume, or export to another disk.",
        cause,
      });
    case "EPIPE":
      return new DecantError("OUTPUT_CLOSED", `${failure}: its reader went away`, {
        kind: "sink",
        cause,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new DecantError(
        "SINK_DENIED",
        `${failure}: ${code === "EROFS" ? "the disk is read-only" : "permission denied"}`,
        { kind: "sink", hint: "Choose another place, or allow writing to this one.", cause },
      );
    case "EISDIR":
    case "ENOTDIR":
    case "ENAMETOOLONG":
    case "ELOOP":
      return new DecantError("OUTPUT_INVALID", `${failure}: the path cannot name a file`, {
        kind: "usage",
        hint: "Choose another path.",
        cause,
      });
    default:
      return new DecantError("SINK_FAILED", `${failure}: ${reason(cause, code)}`, {
        kind: "sink",
        hint: "Check the disk that the file lies on, then resume the export.",
        cause,
      });
  }
}

function reason(cause: unknown, code: string | undefined): string {
  if (code === "ENOENT") return "the file or its folder is gone";
  if (code === "EIO") return "the device reports an input/output error";
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}
