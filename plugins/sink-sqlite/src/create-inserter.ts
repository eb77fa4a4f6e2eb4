import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type ColumnValue, DecantError, formatTime, type Row, readColumns } from "@decant/core";
import { insertSql, type Table } from "./plan-tables.ts";

/** Where rows are put in. */
export interface InserterOptions {
  readonly database: DatabaseSync;
  readonly tables: ReadonlyMap<string, Table>;
  readonly run: string;
}

/** Makes what puts the rows of a stream into its table, each in the place of the one with its id. */
export function createInserter({
  database,
  tables,
  run,
}: InserterOptions): (stream: string, rows: readonly Row[]) => void {
  const statements = new Map<string, StatementSync>();
  return (stream, rows) => {
    const table = tables.get(stream);
    if (!table) throw new TypeError(`Cannot write rows of "${stream}": it was not named at open()`);
    const insert = statements.get(stream) ?? database.prepare(insertSql(table));
    statements.set(stream, insert);
    for (const row of rows) insert.run(...valuesOf(row, table), run, textOf(row.json));
  };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

function valuesOf(row: Row, { source }: Table): SQLInputValue[] {
  if (!row.id.isWellFormed()) throw wrongId(row.id);
  const columns = readColumns(lenient.decode(row.json), source);
  return [row.id, formatTime(row.time) ?? null, ...columns.map(toSql)];
}

/** Bytes that are no UTF-8 stay bytes, so that not one of them changes. */
function textOf(json: Uint8Array): string | Uint8Array {
  try {
    return decoder.decode(json);
  } catch {
    return json;
  }
}

function toSql(value: ColumnValue): SQLInputValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  return value ?? null;
}

/** SQLite would make the same text of several such ids. */
function wrongId(id: string): DecantError {
  return new DecantError(
    "ROW_INVALID",
    `Cannot write row "${id.toWellFormed()}": its id is no valid text`,
    { kind: "sink", hint: "Export to ndjson instead: it needs no ids." },
  );
}
