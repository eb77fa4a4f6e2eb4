import { DecantError } from "@decant/core";

/**
 * Reads what Git says to a credential helper: lines `key=value`, until an empty one. Of keys that come
 * twice the last one counts; those with `[]` at their end are lists, which no answer here needs.
 *
 * @throws {DecantError} `HELPER_INPUT_INVALID`, which does not quote what may be a password.
 */
export function parseGitInput(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "") break;
    const at = line.indexOf("=");
    if (at < 1 || line.includes("\0")) {
      throw new DecantError(
        "HELPER_INPUT_INVALID",
        "Cannot answer Git: standard input holds a line that is not key=value",
        { kind: "usage", hint: "Git itself runs this command; see git help gitcredentials." },
      );
    }
    fields.set(line.slice(0, at), line.slice(at + 1));
  }
  return fields;
}
