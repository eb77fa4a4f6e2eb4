import { asObject, type JsonObject } from "./parse-object.ts";

/**
 * Reads the JSON object of a credential file.
 *
 * @param text The content of the file.
 * @param fail Makes the error. It is told what is wrong, and nothing that the file holds.
 */
export function parseFile(text: string, fail: (state: string) => Error): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    if (/^\s*$/.test(text)) throw fail("it is empty");
    throw fail(
      text.includes("-----BEGIN ") ? "it is not JSON, but has a PEM key" : "it is not JSON",
    );
  }
  const file = asObject(value);
  if (!file) throw fail("it is not a JSON object");
  return file;
}
