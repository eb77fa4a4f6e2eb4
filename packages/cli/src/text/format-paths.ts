import type { Column } from "@decant/core";

/** Says where a column's value may lie, such as `user.email or user.id`. */
export function formatPaths(paths: Column["paths"]): string {
  return paths.map((path) => path.map(formatKey).join(".")).join(" or ");
}

/** A key that would look like something else stands in quotes. */
function formatKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}
