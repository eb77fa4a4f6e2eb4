import { expect, test } from "vitest";
import { DecantError } from "../decant-error.ts";
import { attempt } from "./attempt.ts";

function fail(code: string): () => Promise<never> {
  return async () => {
    throw Object.assign(new Error(`${code}: message of the system`), { code });
  };
}

test.each([
  ["ENOSPC", "SINK_FULL", "sink", true, "the disk is full"],
  ["EDQUOT", "SINK_FULL", "sink", true, "the disk quota is used up"],
  ["EFBIG", "SINK_FULL", "sink", false, "the file may not grow any further"],
  ["EACCES", "SINK_DENIED", "sink", false, "permission denied"],
  ["EPERM", "SINK_DENIED", "sink", false, "permission denied"],
  ["EROFS", "SINK_DENIED", "sink", false, "the disk is read-only"],
  ["EPIPE", "OUTPUT_CLOSED", "sink", false, "its reader went away"],
  ["ENOTDIR", "OUTPUT_INVALID", "usage", false, "the path cannot name a file"],
  ["ENAMETOOLONG", "OUTPUT_INVALID", "usage", false, "the path cannot name a file"],
  ["ENOENT", "SINK_FAILED", "sink", false, "the file or its folder is gone"],
  ["EIO", "SINK_FAILED", "sink", false, "the device reports an input/output error"],
  ["EMFILE", "SINK_FAILED", "sink", false, "EMFILE"],
])("attempt() says what %s means", async (system, code, kind, retryable, state) => {
  await expect(attempt('write "x"', fail(system))).rejects.toMatchObject({
    code,
    kind,
    retryable,
    message: `Cannot write "x": ${state}`,
    cause: { code: system },
  });
});

test("attempt() passes results, and errors that are clear already", async () => {
  expect(await attempt("do it", async () => 7)).toBe(7);
  const error = new DecantError("A_CODE", "Cannot do it", { kind: "usage" });
  await expect(attempt("do it", () => Promise.reject(error))).rejects.toBe(error);
  await expect(attempt("do it", () => Promise.reject(new Error("odd")))).rejects.toMatchObject({
    code: "SINK_FAILED",
    message: "Cannot do it: odd",
  });
});
