import { DecantError, type ErrorKind } from "@decant/core";
import { Errors } from "@oclif/core";
import { expect, test } from "vitest";
import { describeError } from "./describe-error.ts";

const quiet = { debug: false };

test("describeError() gives each kind its exit code", () => {
  const codes: Record<ErrorKind, number> = {
    usage: 2,
    credentials: 3,
    source: 5,
    sink: 6,
    verify: 7,
  };
  for (const [kind, code] of Object.entries(codes)) {
    const error = new DecantError("CODE", "Cannot", { kind: kind as ErrorKind });
    expect(describeError(error, quiet).exitCode).toBe(code);
  }
  const passing = new DecantError("CODE", "Cannot", { kind: "source", retryable: true });
  expect(describeError(passing, quiet).exitCode).toBe(4);
});

test("describeError() shows message, hint and code, each harmless and on its line", () => {
  const error = new DecantError("CODE", 'Cannot read "\u001b[2J"', {
    kind: "usage",
    hint: "Try\nx.",
  });
  expect(describeError(error, quiet).lines).toEqual([
    'Error: Cannot read "\\x1b[2J"',
    "Try\\nx.",
    "Code: CODE",
  ]);
});

test("describeError() shows no cause and no property", () => {
  const cause = Object.assign(new Error("secret"), { headers: { authorization: "secret" } });
  const error = Object.assign(new DecantError("CODE", "Cannot", { kind: "source", cause }), {
    request: "secret",
  });
  expect(describeError(error, { debug: true }).lines.join()).not.toContain("secret");
});

test("describeError() tells wrong arguments from a command that fails", () => {
  const codeOf = (message: string) =>
    describeError(new Errors.CLIError(message), quiet).lines.at(-1);
  expect(codeOf("Flag --listen can only be specified once")).toBe("Code: ARGUMENT_INVALID");
  expect(codeOf("Flag --listen is not what it was")).toBe("Code: COMMAND_FAILED");
});

test("describeError() ends quietly when the reader went away", () => {
  const error = new DecantError("OUTPUT_CLOSED", "Cannot write", { kind: "sink" });
  expect(describeError(error, quiet)).toEqual({ exitCode: 0, lines: [] });
});

test("describeError() calls anything else a bug, with a trace only for debugging", () => {
  const error = new TypeError("x is undefined");
  const { exitCode, lines } = describeError(error, quiet);
  expect(exitCode).toBe(1);
  expect(lines).toEqual([
    "Error: x is undefined",
    expect.stringContaining("bug"),
    "Code: UNEXPECTED_ERROR",
  ]);
  expect(describeError(error, { debug: true }).lines.join("\n")).toContain("describe-error.test");
  expect(describeError("text", quiet)).toMatchObject({
    exitCode: 1,
    lines: ["Error: text", expect.any(String), "Code: UNEXPECTED_ERROR"],
  });
});

test("describeError() keeps oclif's own errors and exit codes", () => {
  const usage = new Errors.CLIError("Failed --x \n\tExpected y\nSee more help with --help");
  const lines = ["Error: Failed --x", "  Expected y", "See more help with --help"];
  expect(describeError(usage, quiet)).toEqual({
    exitCode: 2,
    lines: [...lines, "Code: COMMAND_FAILED"],
  });
  expect(describeError(Object.assign(usage, { parse: {} }), quiet).lines).toEqual([
    ...lines,
    "Code: ARGUMENT_INVALID",
  ]);
  const parsing = new Errors.CLIError("Parsing --x \n\tExpected y");
  expect(describeError(parsing, quiet).lines.at(-1)).toBe("Code: ARGUMENT_INVALID");
  expect(describeError(new Errors.ExitError(0), quiet)).toEqual({ exitCode: 0, lines: [] });
});
