const longest = 200;

/**
 * Makes text of a server fit for a message: one line, no control characters, not long. Runs as long
 * as a token's are cut, since a server may send back what it was sent.
 */
export function cleanText(text: string): string {
  return text
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .replace(/[\w.~+/=-]{40,}/g, "...")
    .trim()
    .slice(0, longest);
}
