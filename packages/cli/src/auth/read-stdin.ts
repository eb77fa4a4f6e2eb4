import { DecantError } from "@decant/core";
import { readSmallStream } from "./read-small-file.ts";

let taken = false;

/**
 * Reads standard input to its end, which only one reader can.
 *
 * @throws {DecantError} `STDIN_TAKEN` when it was read before, `FILE_UNSUITABLE` when it is too large.
 */
export async function readStdin(): Promise<Uint8Array> {
  if (taken) {
    throw new DecantError("STDIN_TAKEN", 'Cannot read "-": standard input holds something else', {
      kind: "usage",
      hint: "Name a file: here standard input is what the other program says.",
    });
  }
  taken = true;
  return await readSmallStream(process.stdin, "standard input");
}
