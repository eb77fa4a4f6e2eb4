import type { Row } from "./row.ts";

/** What {@linkcode createRow} makes a row from: a row without its parser. */
export type RowInit = Omit<Row, "value">;

const decoder = new TextDecoder();

/**
 * Makes a row whose `value()` parses its bytes on demand.
 *
 * @param init The id, the time if known, and the bytes. The bytes are kept, not copied.
 * @returns The row.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 *
 * const row = createRow({ id: "7/ab12", json: new TextEncoder().encode('{"level":"error"}') });
 * row.value(); // { level: "error" }
 * ```
 */
export function createRow(init: RowInit): Row {
  return { ...init, value: () => JSON.parse(decoder.decode(init.json)) };
}
