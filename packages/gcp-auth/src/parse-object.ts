/** An object as JSON has it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a JSON object; `undefined` for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The value, where it is an object and no array. */
export function asObject(value: unknown): JsonObject | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : undefined;
}
