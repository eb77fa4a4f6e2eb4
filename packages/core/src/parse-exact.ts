interface Source {
  readonly source?: string;
}

/** A number of 16 digits or more that is not within a string: it may be one that a double rounds. */
const longNumber = /[:,[\s]-?\d{16}/;

/**
 * Parses JSON as `JSON.parse()` does, but for integers beyond 2^53: those become bigints, and so
 * keep their value.
 *
 * @throws {SyntaxError} where the text is not JSON.
 */
export function parseExact(text: string): unknown {
  // A reviver is slow, and hardly a row needs it.
  if (!longNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, { source = "" }: Source = {}) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value,
  );
}

/** Writes what {@linkcode parseExact} gave as JSON again. */
export function stringifyExact(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // What has a bigint in it.
    return JSON.stringify(value, (_key, part: unknown) =>
      typeof part === "bigint" ? rawJson(String(part)) : part,
    );
  }
}

/** Of https://github.com/tc39/proposal-json-parse-with-source, which no library of types has yet. */
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown };
