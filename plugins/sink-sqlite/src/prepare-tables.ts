import type { DatabaseSync } from "node:sqlite";
import { DecantError } from "@decant/core";
import { fold, quote } from "./connect.ts";
import { createLedger, tablesOf } from "./ledger.ts";
import { ownColumns, type Table } from "./plan-tables.ts";

/**
 * Makes the tables that are missing, and adds the columns that are missing in those that are there.
 *
 * @throws {DecantError} `OUTPUT_EXISTS` for a table that decant did not make, `OUTPUT_INVALID` for one
 * that somebody changed so that rows cannot go into it.
 */
export function prepareTables(database: DatabaseSync, tables: Iterable<Table>): void {
  createLedger(database);
  const own = tablesOf(database) ?? new Map<string, string>();
  const note = database.prepare("INSERT OR REPLACE INTO _decant_tables VALUES (?, ?)");
  for (const table of tables) {
    const { name, stream } = table;
    const columns = columnsOf(database, name);
    if (columns.length === 0) database.exec(createSql(table));
    else if (own.get(name) === stream) addColumns(database, { table, columns });
    else throw taken(name);
    note.run(name, stream);
  }
}

/** Makes the indexes, which is quicker when the rows are there. */
export function createIndexes(database: DatabaseSync, tables: Iterable<Table>): void {
  for (const { name, indexed } of tables) {
    for (const column of indexed) {
      const index = quote(`${name}_${column}`);
      database.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${quote(name)} (${quote(column)})`);
    }
  }
}

/** Whether a table holds rows of other runs. */
export function holdsOthers(database: DatabaseSync, name: string, run: string): boolean {
  const sql = `SELECT 1 FROM ${quote(name)} WHERE run <> ? LIMIT 1`;
  return database.prepare(sql).get(run) !== undefined;
}

/** Drops the rows of other runs. */
export function removeOthers(database: DatabaseSync, name: string, run: string): void {
  database.prepare(`DELETE FROM ${quote(name)} WHERE run <> ?`).run(run);
}

function createSql({ name, columns }: Table): string {
  return `CREATE TABLE ${quote(name)} (${columns.map(declare).join(", ")})`;
}

function declare(column: { readonly name: string; readonly type: string }): string {
  return `${quote(column.name)} ${column.type}`;
}

/** Also those of a view, which has its name from the same space. */
function columnsOf(database: DatabaseSync, name: string): string[] {
  return database
    .prepare("SELECT name FROM pragma_table_info(?)")
    .all(name)
    .map((column) => fold(String(column["name"])));
}

interface Found {
  readonly table: Table;
  /** As SQLite compares them. */
  readonly columns: readonly string[];
}

function addColumns(database: DatabaseSync, { table, columns }: Found): void {
  for (const column of table.columns) {
    if (columns.includes(fold(column.name))) continue;
    if (ownColumns.includes(column.name)) throw changed(table.name, column.name);
    database.exec(`ALTER TABLE ${quote(table.name)} ADD COLUMN ${declare(column)}`);
  }
}

function taken(name: string): DecantError {
  return new DecantError("OUTPUT_EXISTS", `Cannot make the table "${name}": there is another one`, {
    kind: "usage",
    hint: "Put something before the names of tables with --sqlite-prefix.",
  });
}

function changed(name: string, column: string): DecantError {
  return new DecantError(
    "OUTPUT_INVALID",
    `Cannot add to the table "${name}": its column "${column}" is gone`,
    { kind: "usage", hint: "Write to other tables with --sqlite-prefix, or drop this one." },
  );
}
