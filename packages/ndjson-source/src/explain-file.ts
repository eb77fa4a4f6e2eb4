import { DecantError } from "@decant/core";
import { systemCode } from "@decant/core/file";

/** Says in one sentence why a file could not be read. */
export function explainFile(file: string, cause: unknown): DecantError {
  const code = systemCode(cause);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new DecantError("NDJSON_FILE_MISSING", `Cannot read "${file}": there is no such file`, {
      kind: "usage",
      hint: "Check its path.",
      cause,
    });
  }
  if (code?.startsWith("Z_")) return cutOff(file, "it is no whole gzip file", cause);
  const state = code === "EACCES" || code === "EPERM" ? "permission denied" : (code ?? "it failed");
  return new DecantError("NDJSON_FILE_UNREADABLE", `Cannot read "${file}": ${state}`, {
    kind: "source",
    hint: "Check who may read it, and the disk that it lies on.",
    cause,
  });
}

/** Says that a file does not hold all that it should. */
export function cutOff(file: string, state: string, cause?: unknown): DecantError {
  return new DecantError("NDJSON_FILE_CUT_OFF", `Cannot read "${file}" to its end: ${state}`, {
    kind: "source",
    hint: "Copy it again from where it is whole, or export it again.",
    ...(cause !== undefined && { cause }),
  });
}
