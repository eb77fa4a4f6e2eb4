import { DecantError, type Row } from "@decant/core";

const lineFeed = 0x0a;

/**
 * Refuses rows that would break the lines of an output.
 *
 * @throws {DecantError} `ROW_INVALID`, before anything is written.
 */
export function checkRows(rows: readonly Row[]): void {
  for (const { id, json } of rows) {
    if (!json.includes(lineFeed)) continue;
    throw new DecantError("ROW_INVALID", `Cannot write row "${id}": it has more than one line`, {
      kind: "sink",
      hint: "Give each row as JSON without line breaks between its tokens.",
    });
  }
}
