import { DecantError, type Json } from "@decant/core";

/** Where a commit ended: in the ledger, and how many rows there were. */
export type Position = { readonly ledger: number; readonly rows: number };

/**
 * Reads a position that a host gave back.
 *
 * @throws {DecantError} `STATE_MISMATCH` for what this sink never gave.
 */
export function parsePosition(position: Json): Position {
  if (typeof position === "object" && position !== null && !Array.isArray(position)) {
    const { ledger, rows } = position as { ledger?: unknown; rows?: unknown };
    if (isCount(ledger) && ledger > 0 && isCount(rows)) return { ledger, rows };
  }
  throw new DecantError(
    "STATE_MISMATCH",
    `Cannot go on at ${JSON.stringify(position)}: it is no position of this sink`,
    { kind: "usage", hint: "Resume with the sink and the state that the export began with." },
  );
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
