import type { Column } from "@decant/core";

/** A path of one key may be given as text. */
type Path = string | readonly string[];

/**
 * Makes a column.
 *
 * @param paths Where its values may lie. None: under its own name.
 */
export function column(name: string, type: Column["type"], ...paths: readonly Path[]): Column {
  return { name, type, paths: toPaths(paths.length === 0 ? [name] : paths) };
}

/** Makes paths of keys. */
export function toPaths(paths: readonly Path[]): Column["paths"] {
  return paths.map((path) => (typeof path === "string" ? [path] : path));
}
