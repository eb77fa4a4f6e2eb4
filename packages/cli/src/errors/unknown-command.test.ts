import { expect, test } from "vitest";
import { unknownCommand } from "./unknown-command.ts";

const known = ["auth:gcp:print-token", "auth:list", "demo", "export:sentry", "sinks", "verify"];

test.each([
  ["sinkz", "sinks"],
  ["deom", "demo"],
  ["veryfi", "verify"],
  ["export:setnry", "export sentry"],
  ["auth:gcp:print-tokn", "auth gcp print-token"],
])("unknownCommand() finds what %s was meant to be", (id, meant) => {
  expect(unknownCommand(id, known).hint).toBe(`Did you mean "decant ${meant}"?`);
});

test("unknownCommand() shows words as they were typed, and guesses nothing from afar", () => {
  const error = unknownCommand("auth:nosuch", known);
  expect(error).toMatchObject({ code: "COMMAND_UNKNOWN", kind: "usage" });
  expect(error.message).toBe('Cannot find the command "auth nosuch"');
  expect(error.hint).toBe('"decant --help" shows the commands.');
  expect(unknownCommand("x", []).hint).toBe('"decant --help" shows the commands.');
});
