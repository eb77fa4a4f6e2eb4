import { DecantError } from "@decant/core";

const key = /"(?:[^"\\]|\\.)*"|[^\s.*"[\]]+/gu;
const path = new RegExp(`^(?:${key.source})(?:\\.(?:${key.source}))*$`, "u");

/**
 * Splits a path into its keys.
 *
 * @param text Keys joined by dots, where a key may be a JSON string.
 * @throws {DecantError} `PATH_INVALID`.
 */
export function parsePath(text: string): readonly string[] {
  if (!path.test(text)) throw invalid(text);
  return (text.match(key) ?? []).map((part) => (part.startsWith('"') ? unquote(part, text) : part));
}

function unquote(part: string, text: string): string {
  try {
    return JSON.parse(part) as string;
  } catch {
    throw invalid(text);
  }
}

function invalid(text: string): DecantError {
  return new DecantError("PATH_INVALID", `Cannot read path "${text}": it is not keys and dots`, {
    kind: "usage",
    hint:
      'Write user.email, or extra."a.b" for a key with a dot, white space, *, a quote or brackets. ' +
      "A list needs no brackets: entries.data is the data of each entry.",
  });
}
