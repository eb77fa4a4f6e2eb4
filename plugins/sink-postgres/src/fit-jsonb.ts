/** More than this is nothing that people filter by, and jsonb has bounds of its own. */
const longest = 32 << 20;
const deepest = 2000;

/**
 * Makes JSON text fit a `jsonb`, which holds neither NUL nor half a surrogate pair: U+FFFD takes their
 * place, as it does in columns of text.
 *
 * @param text JSON as `JSON.stringify()` writes it.
 * @returns The text, or nothing where it is too large, too deep, or has a number of too many digits.
 */
export function fitJsonb(text: string): string | undefined {
  if (text.length > longest) return undefined;
  if (text.length > deepest && isWild(text)) return undefined;
  if (!text.includes("\\u0000") && !text.includes("\\ud")) return text;
  return text.replace(badEscape, "$1\\ufffd");
}

/** Behind an even number of backslashes: one that is escaped begins no escape. */
const badEscape = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][\da-f]{2})/g;

/** A `numeric` has 131,072 digits, and the server's parser a stack of some MB. */
function isWild(text: string): boolean {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/g, "");
  if (/\d{1000}/.test(outside)) return true;
  let depth = 0;
  for (const [bracket] of outside.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > deepest) return true;
  }
  return false;
}
