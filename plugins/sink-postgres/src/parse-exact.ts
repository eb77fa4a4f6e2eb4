/** A number that a `number` cannot hold, as the text that stood in the row. */
interface RawNumber {
  readonly rawJSON: string;
}

// Both are of ES2026; Node, Deno and Bun have them, and TypeScript's library does not yet.
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is RawNumber;
};

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Longer runs of digits, or exponents, may be more than a `number` holds. */
const suspicious = /\d{16}|\d[eE][+-]?\d{3}/;

/**
 * Parses a row. Numbers that would not be the same when they are written again are kept as their text:
 * {@linkcode exactNumber} gives it, and `JSON.stringify` writes it.
 */
export function parseExact(json: Uint8Array): unknown {
  const text = decoder.decode(json);
  if (!suspicious.test(text)) return JSON.parse(text);
  return parse(text, (_key, value, { source }) => {
    if (typeof value !== "number" || source === undefined) return value;
    return isSame(value, source) ? value : rawJSON(source);
  });
}

/** The text of a number that a `number` cannot hold. */
export function exactNumber(value: unknown): string | undefined {
  return isRawJSON(value) ? value.rawJSON : undefined;
}

function isSame(value: number, source: string): boolean {
  if (Number.isSafeInteger(value)) return true;
  if (!Number.isFinite(value)) return false;
  // Up to 15 digits are always kept.
  return source.replace(/[eE].*$/, "").replace(/\D/g, "").length <= 15;
}
