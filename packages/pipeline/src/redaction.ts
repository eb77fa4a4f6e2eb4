/**
 * What is taken out of rows before they are written, as paths: keys joined by dots, such as
 * `user.email`. A key that holds a dot, white space, `"`, `*` or brackets is written as a JSON
 * string: `extra."a.b"`. A list stands for all that is in it, so `entries.data` is the data of
 * every entry. In a list of pairs, such as `[{"key":"email","value":"a@b.c"}]` or
 * `[["Cookie","a=b"]]`, the last key of a path may also be the name of a pair: `tags.email`.
 *
 * All else keeps the server's bytes, and what is named is treated wherever it stands, also when a
 * key is there twice. `drop` and `hash` come first, then `select`.
 *
 * @example
 * ```ts
 * import type { Redaction } from "@decant/pipeline";
 *
 * const redact: Redaction = {
 *   drop: ["user.email", "tags.email", "entries.data.headers.Cookie"],
 *   hash: ["user.id"],
 * };
 * ```
 */
export interface Redaction {
  /** Leaves these members out. Of a pair only its name stays. */
  readonly drop?: readonly string[];
  /**
   * Puts `"hmac-sha256:<hexadecimal>"` in the place of these values: HMAC-SHA256 (RFC 2104) of the
   * value's JSON text as the server wrote it, a string with its quotes.
   */
  readonly hash?: readonly string[];
  /**
   * Keeps these members, and what they lie in, alone. Where something else than an object or a
   * list lies on the way to them, it becomes `null`.
   */
  readonly select?: readonly string[];
}

/** What can be done to the values at a path. */
export type RedactVerb = keyof Redaction;

const verbs: readonly string[] = ["drop", "hash", "select"] satisfies RedactVerb[];

/** Whether a value out of a state file has the shape of a redaction. */
export function isRedaction(value: unknown): value is Redaction {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([verb, paths]) =>
      verbs.includes(verb) &&
      Array.isArray(paths) &&
      paths.every((path) => typeof path === "string"),
  );
}
