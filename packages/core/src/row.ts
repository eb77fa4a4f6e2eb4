/**
 * One record of a stream. It carries the exact text that the server sent, because parsing and
 * writing again loses integers above 2^53, `1.0`, the order of keys and duplicate keys.
 *
 * @example
 * ```ts
 * import type { Row } from "@decant/core";
 *
 * function size(rows: readonly Row[]): number {
 *   return rows.reduce((sum, row) => sum + row.json.byteLength, 0);
 * }
 * ```
 */
export interface Row {
  /** Unique in its stream and the same in every run, such as `project/event`. */
  readonly id: string;
  /** When it happened, in ISO 8601 with a `Z`, where the record says so. */
  readonly time?: string;
  /** When the source took it in, where ranges of time go by that and not by {@linkcode Row.time}. */
  readonly arrived?: string;
  /** Whether the source has lost most of what it held, and shows the rest of it as if that was all. */
  readonly hollow?: boolean;
  /** One JSON value in UTF-8, with no line break outside its strings. */
  readonly json: Uint8Array;
  /** Parses {@linkcode Row.json}, anew at each call: only for those who need a value. */
  value(): unknown;
}
