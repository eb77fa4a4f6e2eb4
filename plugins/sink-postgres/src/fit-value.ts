import { exactNumber } from "./parse-exact.ts";
import { parseTime } from "./parse-time.ts";
import type { ColumnType } from "./plan-table.ts";

/** A value as its column takes it: text, or for times the microseconds since 1970. */
export type Fitted = string | bigint | number | boolean;

/**
 * Makes a value of a row fit its column. What does not fit is left out, since servers change what they
 * send: the row itself is kept whatever its columns hold.
 */
export function fitValue(value: unknown, type: ColumnType): Fitted | undefined {
  if (value === undefined || value === null) return undefined;
  const plain = exactNumber(value) ?? value;
  switch (type) {
    case "text":
      return fitText(plain);
    case "bigint":
      return fitInteger(plain);
    case "double precision":
      return fitFloat(plain);
    case "boolean":
      return typeof plain === "boolean" ? plain : undefined;
    case "timestamp with time zone":
      return parseTime(plain);
    default:
      return fitJson(value);
  }
}

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

function fitText(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && isStorable(value) ? value : undefined;
}

function fitInteger(value: unknown): bigint | undefined {
  // Counts are sent as text by some servers.
  const whole =
    typeof value === "number" ? Number.isSafeInteger(value) : /^-?\d{1,19}$/.test(String(value));
  if (!whole || typeof value === "boolean") return undefined;
  const integer = BigInt(value as string | number);
  return BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

function fitFloat(value: unknown): number | undefined {
  const number =
    typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)
      ? Number(value)
      : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** What jsonb holds is bounded: its strings, its numbers, and how deep it goes. */
function fitJson(value: unknown): string | undefined {
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    // Too deep.
    return undefined;
  }
  if (text.length > 32 << 20 || hasBadEscape(text) || hasWildNumber(text)) return undefined;
  return depthOf(text) > 2000 ? undefined : text;
}

/** NUL, and the halves of surrogate pairs, which JSON.stringify writes as escapes. */
function hasBadEscape(text: string): boolean {
  if (!text.includes("\\u0000") && !text.includes("\\ud")) return false;
  return /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(text);
}

/** A `numeric` has up to 131,072 digits before its point, and 16,383 behind it. */
function hasWildNumber(text: string): boolean {
  if (!/\d{400}|\d[eE][+-]?\d{3}/.test(text)) return false;
  const outside = text.replace(strings, '""');
  return /[\d.]{1000}|\d[eE][+-]?\d{4}/.test(outside);
}

function depthOf(text: string): number {
  if (text.length < 2000) return 0;
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.replace(strings, "").matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const strings = /"(?:[^"\\]|\\.)*"/g;
