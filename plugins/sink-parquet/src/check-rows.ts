import { isUtf8 } from "node:buffer";
import { DecantError, type Row } from "@decant/core";

/**
 * Refuses rows that are not UTF-8: readers refuse a whole file for one text that is not.
 *
 * @throws {DecantError} `ROW_INVALID`, before anything is written.
 */
export function checkRows(rows: readonly Row[]): void {
  for (const { id, json } of rows) {
    if (isUtf8(json)) continue;
    throw new DecantError("ROW_INVALID", `Cannot write row "${id}": it is not UTF-8`, {
      kind: "sink",
      hint: "Give each row as JSON in UTF-8.",
    });
  }
}
