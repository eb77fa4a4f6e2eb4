import { DecantError } from "@decant/core";
import type { Table } from "./plan-tables.ts";

/** Says that a table is not one of this sink. */
export function tableMismatch({ sql }: Table, state: string): DecantError {
  return new DecantError("POSTGRES_TABLE_MISMATCH", `Cannot write into ${sql}: ${state}`, {
    kind: "usage",
    hint: "Choose other tables by the option `prefix` or `schema`, or alter or rename what is there.",
  });
}
