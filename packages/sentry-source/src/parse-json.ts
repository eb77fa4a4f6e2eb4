/** Parsed JSON of which nothing is known yet but that it is an object. */
export type JsonObject = { readonly [key: string]: unknown };

// A byte order mark is no white space in JSON, so it is kept for the parser to refuse.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Parses JSON in UTF-8 and refuses what is invalid in either. */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes));
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses a JSON object and refuses anything else. */
export function parseObject(bytes: Uint8Array): JsonObject {
  const value = parseJson(bytes);
  if (!isObject(value)) throw new SyntaxError("Cannot read the answer: it is no JSON object");
  return value;
}

/** Parses a JSON array of objects and refuses anything else. */
export function parseObjects(bytes: Uint8Array): JsonObject[] {
  const value = parseJson(bytes);
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw new SyntaxError("Cannot read the answer: it is no JSON array of objects");
  }
  return value;
}

/** The text of an id or name, which some servers send as a number. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
