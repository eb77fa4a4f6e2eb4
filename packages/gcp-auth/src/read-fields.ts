import { credentialError } from "./credential-error.ts";
import { asObject, type JsonObject } from "./parse-object.ts";

/** Reads the fields of a JSON object, and refuses what is not as it must be. */
export interface Fields {
  /** A text that must be there. */
  text(name: string): string;
  optionalText(name: string): string | undefined;
  optionalNumber(name: string): number | undefined;
  /** An object that must be there. */
  object(name: string): JsonObject;
  optionalObject(name: string): JsonObject | undefined;
  /** Texts by name, none where there is no such field. */
  texts(name: string): Readonly<Record<string, string>>;
  /** A list of texts, empty where there is none. */
  list(name: string): readonly string[];
}

// What stands in a header, in an address or in a message.
const clean = /^[^\p{Cc}]*$/u;

/**
 * Reads the fields of a credential file. No error quotes from it.
 *
 * @param file The object.
 * @param source The name of the file, and where the object stands in it.
 */
export function readFields(file: JsonObject, source: string): Fields {
  const fail = (state: string) => credentialError(source, { state });

  function optional<T>(name: string, what: string, read: (value: unknown) => T | undefined) {
    const value = file[name];
    if (value === undefined || value === null || value === "") return undefined;
    const found = read(value);
    if (found === undefined) throw fail(`its ${name} is not ${what}`);
    return found;
  }

  function required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw fail(`it has no ${name}`);
    return value;
  }

  const asText = (value: unknown) =>
    typeof value === "string" && clean.test(value) ? value : undefined;
  const optionalText = (name: string) => optional(name, "a line of text", asText);
  const optionalObject = (name: string) => optional(name, "an object", asObject);
  return {
    text: (name) => required(name, optionalText(name)),
    optionalText,
    optionalNumber: (name) =>
      optional(name, "a number", (value) => (Number.isFinite(value) ? Number(value) : undefined)),
    object: (name) => required(name, optionalObject(name)),
    optionalObject,
    texts(name) {
      const entries = Object.entries(optionalObject(name) ?? {});
      const texts = entries.map(([key, value]) => [key, asText(value)] as const);
      if (texts.some(([, value]) => value === undefined)) throw fail(`its ${name} are not texts`);
      return Object.fromEntries(texts) as Record<string, string>;
    },
    list(name) {
      const read = (value: unknown) =>
        Array.isArray(value) && value.every((item) => asText(item) !== undefined)
          ? (value as string[])
          : undefined;
      return optional(name, "a list of texts", read) ?? [];
    },
  };
}
