import type { Column } from "./stream.ts";

/**
 * Finds a column's value in a row.
 *
 * @param value The parsed row.
 * @param paths Where to look, as {@linkcode Column.paths} says.
 * @returns The first value that is neither absent nor null, or nothing.
 *
 * @example
 * ```ts
 * import { pickPath } from "@decant/core";
 *
 * const row = { user: { email: null, id: 7 }, tags: [{ key: "release", value: "1.0" }] };
 * pickPath(row, [["user", "email"], ["user", "id"]]); // 7
 * pickPath(row, [["tags", "release"]]); // 1.0
 * ```
 */
export function pickPath(value: unknown, paths: Column["paths"]): unknown {
  for (const path of paths) {
    const found = path.reduce(takeStep, value);
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

function takeStep(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return pairValue(value, key);
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function pairValue(pairs: readonly unknown[], key: string): unknown {
  for (const pair of pairs) {
    const [name, value] = Array.isArray(pair)
      ? pair
      : [takeStep(pair, "key"), takeStep(pair, "value")];
    if (name === key) return value;
  }
  return undefined;
}
