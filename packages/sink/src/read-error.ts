import { DecantError } from "@decant/core";
import { systemCode } from "@decant/core/file";

/** What to do about a file that is not as it was. */
export const restore = "Restore the file, or export it again.";

/** Says what kept an output from being read. */
export function readError(path: string, cause: unknown): DecantError {
  const code = systemCode(cause);
  if (code === "ENOENT") {
    return new DecantError("OUTPUT_MISSING", `Cannot read "${path}": there is no such file`, {
      kind: "verify",
      hint: "Resume the export if it is unfinished, or put the file back.",
      cause,
    });
  }
  if (code?.startsWith("Z_")) {
    return new DecantError("OUTPUT_MALFORMED", `Cannot read "${path}": it is no whole gzip file`, {
      kind: "verify",
      hint: restore,
      cause,
    });
  }
  return new DecantError("OUTPUT_UNREADABLE", `Cannot read "${path}": ${code ?? "it failed"}`, {
    kind: "verify",
    hint: "Check the path and who may read it.",
    cause,
  });
}
