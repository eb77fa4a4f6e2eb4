import { DecantError } from "@decant/core";

/**
 * Tells that there is no such command, and which one was meant.
 *
 * @param id What was typed, with colons between the words, as oclif has it.
 * @param known The ids of all commands.
 */
export function unknownCommand(id: string, known: readonly string[]): DecantError {
  const [best] = known
    .map((other) => ({ other, distance: distance(id, other) }))
    .sort((a, b) => a.distance - b.distance);
  const near = best && best.distance <= Math.max(2, id.length / 4) ? best.other : undefined;
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

/** How many letters must be put in, left out or replaced to make one text of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  [...from].forEach((letter, i) => {
    const next = [i + 1];
    [...to].forEach((other, j) => {
      const replaced = row[j]! + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    });
    row = next;
  });
  return row.at(-1)!;
}
