import { DecantError } from "@decant/core";

/** Names that the program sets itself. */
const own = ["authorization", "host", "content-length", "connection"];

/**
 * Reads headers of the form `Name: value`. Of several with one name the last one counts. What is
 * refused is named by its header only, because a value may be a secret.
 *
 * @throws {DecantError} `HEADER_INVALID`.
 */
export function parseHeaders(lines: readonly string[]): Record<string, string> {
  const headers = new Map<string, { readonly name: string; readonly value: string }>();
  for (const line of lines.map((text) => text.trim()).filter(Boolean)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw refuse("", "it is not of the form Name: value");
    const value = line.slice(colon + 1).trim();
    if (own.includes(name.toLowerCase())) throw refuse(name, "the program sets it itself");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (/[\x00-\x1f\x7f]|[^\x00-\xff]/.test(value))
      throw refuse(name, "its value is not plain text");
    headers.set(name.toLowerCase(), { name, value });
  }
  return Object.fromEntries([...headers.values()].map(({ name, value }) => [name, value]));
}

function refuse(name: string, state: string): DecantError {
  return new DecantError("HEADER_INVALID", `Cannot send the header "${name}": ${state}`, {
    kind: "usage",
    hint: "Give each as 'Name: value', by --header or one a line in DECANT_HEADERS.",
  });
}
