/**
 * One column that a table-shaped sink may make of a stream's rows.
 *
 * Servers change the shape of what they send: a value that does not fit the column's type is left
 * out of the column, and is no reason to refuse the row.
 */
export interface Column {
  /** The column's name, lower case with underscores. Not `row_id` and not `row_time`. */
  readonly name: string;
  /**
   * What its values are. `json` is kept as JSON text; `time` is ISO 8601 text, or a number of
   * seconds since 1970.
   */
  readonly type: "text" | "int" | "float" | "bool" | "time" | "json";
  /**
   * Where the value may lie in the row: each path is a list of keys, and the first one that leads to
   * something wins. In a list of pairs, such as `[{"key":"release","value":"1.0"}]` or
   * `[["release","1.0"]]`, a key names the value of its pair. `pickPath` follows them.
   */
  readonly paths: readonly (readonly string[])[];
}

/**
 * Which columns tell a person what a row is about, by their names. Of each list the first column
 * that has a value is shown.
 */
export interface Display {
  /** When it happened. Absent: `Row.time`. */
  readonly time?: readonly string[];
  /** How bad it is. */
  readonly level?: readonly string[];
  /** What it is. A row without one is shown as JSON. */
  readonly title: readonly string[];
  /** Where it happened. */
  readonly where?: readonly string[];
  /** To whom. */
  readonly user?: readonly string[];
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
 *   columns: [
 *     { name: "event_id", type: "text", paths: [["eventID"], ["event_id"]] },
 *     { name: "title", type: "text", paths: [["title"]] },
 *     { name: "release", type: "text", paths: [["tags", "release"]] },
 *   ],
 *   display: { title: ["title", "event_id"] },
 * };
 * ```
 */
export interface Stream {
  /** Lower case with dashes; names the default output file. */
  readonly name: string;
  /**
   * In the order in which a table should show them. Every table has two more in front of them:
   * `row_id`, its key, which is `Row.id`, and `row_time`, which is `Row.time`.
   */
  readonly columns: readonly Column[];
  /** How to show a row on one line. Absent: as JSON. */
  readonly display?: Display;
  /**
   * Where the parts of `Row.id` lie in a row, each with the paths that {@linkcode Column.paths}
   * explains; `joinId` joins them. Absent: rows do not say their id.
   */
  readonly id?: readonly Column["paths"][];
  /** Where `Row.time` lies in a row. Absent: rows have none. */
  readonly time?: Column["paths"];
  /**
   * Whether a row may be another one later under the same id, as an issue may. A later run then has
   * to read all of them again.
   * @default {false}
   */
  readonly mutable?: boolean;
}
