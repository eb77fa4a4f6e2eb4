import { formatTime } from "./format-time.ts";
import { parseExact, stringifyExact } from "./parse-exact.ts";
import { pickPath } from "./pick-path.ts";
import type { Column } from "./stream.ts";

/** The value of a column. `undefined`: the row has none, or one that does not fit. */
export type ColumnValue = string | number | bigint | boolean | undefined;

const int64 = 2n ** 63n;

/**
 * Reads the columns of a row, each as what its type says. A value that does not fit is left out: it
 * is no reason to refuse the row, which a table keeps as JSON, too.
 *
 * - `text`: well-formed, and without NUL, which many programs take for the end of a text. Numbers
 *   and booleans become text.
 * - `int`: 64 bits; a bigint where it is beyond 2^53, as no value is rounded. Text of digits counts.
 * - `float`: finite. Text of a number counts.
 * - `bool`: also from the texts `true` and `false`, and from 1 and 0.
 * - `time`: UTC in ISO 8601 with six digits of a second, so that it sorts as text.
 * - `json`: JSON text, with integers of any size as they are.
 *
 * @param json A row as text.
 * @param columns The columns of its stream.
 * @returns A value for each column, in their order.
 *
 * @example
 * ```ts
 * import { readColumns } from "@decant/core";
 *
 * const columns = [
 *   { name: "count", type: "int", paths: [["count"]] },
 *   { name: "seen", type: "time", paths: [["lastSeen"]] },
 *   { name: "tags", type: "json", paths: [["tags"]] },
 * ] as const;
 * readColumns('{"count":"7","lastSeen":1767225600,"tags":["a"]}', columns);
 * // [7, "2026-01-01T00:00:00.000000Z", '["a"]']
 * ```
 */
export function readColumns(json: string, columns: readonly Column[]): ColumnValue[] {
  let row: unknown;
  try {
    row = parseExact(json);
  } catch {
    // Not JSON, or nested deeper than it can be looked at.
  }
  return columns.map(({ paths, type }) => fitColumn(pickPath(row, paths), type));
}

function fitColumn(value: unknown, type: Column["type"]): ColumnValue {
  if (value === undefined) return undefined;
  switch (type) {
    case "text":
      return fitText(value);
    case "int":
      return fitInt(value);
    case "float":
      return fitFloat(value);
    case "bool":
      return fitBool(value);
    case "time":
      return formatTime(value);
    case "json":
      return fitJson(value);
  }
}

function fitText(value: unknown): string | undefined {
  if (typeof value === "object") return undefined;
  return String(value).toWellFormed().replaceAll("\0", "\ufffd");
}

function fitInt(value: unknown): number | bigint | undefined {
  // Minus zero is zero.
  if (Number.isSafeInteger(value)) return (value as number) + 0;
  const text = typeof value === "string" && /^-?\d{1,19}$/.test(value);
  if (!text && !Number.isInteger(value) && typeof value !== "bigint") return undefined;
  const whole = BigInt(value as string | number | bigint);
  if (whole < -int64 || whole >= int64) return undefined;
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

function fitFloat(value: unknown): number | undefined {
  const text = typeof value === "string" && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
  if (!text && typeof value !== "number" && typeof value !== "bigint") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function fitBool(value: unknown): boolean | undefined {
  if (value === true || value === "true" || value === 1) return true;
  return value === false || value === "false" || value === 0 ? false : undefined;
}

function fitJson(value: unknown): string | undefined {
  try {
    return stringifyExact(value);
  } catch {
    // Nested deeper than it can be written.
    return undefined;
  }
}
