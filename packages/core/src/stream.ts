/** One column that a table-shaped sink may make of a stream's rows. */
export interface Column {
  /** The column's name, lower case with underscores. */
  readonly name: string;
  /** What its values are. `json` is kept as JSON text. */
  readonly type: "text" | "int" | "float" | "bool" | "time" | "json";
  /** Where the value lies in the row: keys joined by dots, such as `user.email`. */
  readonly path: string;
}

/**
 * A named series of rows of one shape. Sinks take their columns from here and know no source.
 *
 * @example
 * ```ts
 * import type { Stream } from "@decant/core";
 *
 * const events: Stream = {
 *   name: "events",
 *   columns: [{ name: "id", type: "text", path: "eventID" }],
 * };
 * ```
 */
export interface Stream {
  /** Lower case with dashes; names the default output file. */
  readonly name: string;
  /** In the order in which a table should show them. */
  readonly columns: readonly Column[];
}
