import { DecantError } from "@decant/core";
import { nearest } from "../text/nearest.ts";

/**
 * Tells that there is no such command, and which one was meant.
 *
 * @param id What was typed, with colons between the words, as oclif has it.
 * @param known The ids of all commands.
 */
export function unknownCommand(id: string, known: readonly string[]): DecantError {
  const near = nearest(id, known);
  return new DecantError("COMMAND_UNKNOWN", `Cannot find the command "${spaced(id)}"`, {
    kind: "usage",
    hint:
      near === undefined
        ? '"decant --help" shows the commands.'
        : `Did you mean "decant ${spaced(near)}"?`,
  });
}

function spaced(id: string): string {
  return id.replaceAll(":", " ");
}
