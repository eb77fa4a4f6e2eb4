import { expect, test } from "vitest";
import { DecantError, isDecantError } from "./decant-error.ts";

test("isDecantError() knows an error of another copy of the package", () => {
  const foreign = Object.assign(new Error("x"), { [Symbol.for("decant.error")]: true });
  expect(isDecantError(foreign)).toBe(true);
  expect(isDecantError(new Error("x"))).toBe(false);
  expect(isDecantError({ [Symbol.for("decant.error")]: true })).toBe(false);
});

test("DecantError carries what a caller acts on", () => {
  const error = new DecantError("A_CODE", "Cannot do it", {
    kind: "source",
    hint: "Try again.",
    retryable: true,
    retryAfterMs: 500,
    cause: new Error("why"),
  });
  expect(error).toMatchObject({ code: "A_CODE", retryable: true, retryAfterMs: 500 });
  expect(error.cause).toEqual(new Error("why"));
  expect(isDecantError(error)).toBe(true);
});
