import { writeSync } from "node:fs";
import { readPrivateFile } from "@decant/token-cache/private-file";
import { formatToken } from "../auth/format-token.ts";
import { currentCallName } from "./call-name.ts";
import { keptToken } from "./kept-token.ts";
import { parseRecipe } from "./recipe.ts";
import { recipePath } from "./recipe-path.ts";

/** Far more than the names of some files take. */
const maxBytes = 64 * 1024;

/**
 * Prints a kept token without loading the rest of the program, where an equal call printed it before
 * and nothing that this went by has changed. Whatever else: it prints nothing, and the program goes on
 * as usual.
 *
 * @returns Whether all is done.
 */
export function recall(): boolean {
  const text = recalledText();
  return text !== undefined && printed(`${text}\n`);
}

function recalledText(): string | undefined {
  try {
    const name = currentCallName();
    if (name === undefined) return undefined;
    const text = readPrivateFile(recipePath(name), { uid: process.getuid?.(), maxBytes });
    const recipe = text === undefined ? undefined : parseRecipe(name, text);
    const token = recipe && keptToken(recipe);
    return token && formatToken(token, recipe.format);
  } catch {
    return undefined; // Damaged, or there is no folder to be in: the program will tell.
  }
}

/** Writes without the streams of Node, which take longer to load than all else here. */
function printed(text: string): boolean {
  const bytes = Buffer.from(text);
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(1, bytes, done);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPIPE") return true; // Nobody reads any more.
    if (done === 0) return false; // The program waits for a full pipe, and says what else is wrong.
    throw error;
  }
}
