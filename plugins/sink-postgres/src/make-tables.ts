import type { OptionValue } from "@decant/core";
import type { Session } from "./connect.ts";
import { quoteIdentifier } from "./identifier.ts";
import { inspectIndexes, inspectTable } from "./inspect-table.ts";
import { indexedColumns, qualify, runsTable, type Table, type TableColumn } from "./plan-tables.ts";
import { tableMismatch } from "./table-mismatch.ts";

/**
 * Makes what is missing: the schema, the book of runs, tables, columns of tables that are there, and
 * indexes. Nothing that is there is changed. Called in a transaction.
 *
 * @returns The tables, with what is known of those that were there.
 * @throws {DecantError} `POSTGRES_TABLE_MISMATCH` when something of that name is no table of this sink.
 */
export async function makeTables(
  session: Session,
  tables: readonly Table[],
  options: Readonly<Record<string, OptionValue>>,
): Promise<Table[]> {
  const schema = tables[0]?.schema;
  if (schema === undefined) return [];
  // Two exports that make the same table at once would fail each other.
  await session.query("SELECT pg_advisory_xact_lock(hashtextextended('decant', 0))");
  const { rows } = await session.query("SELECT FROM pg_namespace WHERE nspname = $1", [schema]);
  if (rows.length === 0) await session.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  await makeRuns(session, qualify(schema, runsTable));
  const made: Table[] = [];
  for (const table of tables) made.push(await makeTable(session, table, options));
  return made;
}

/** Looks first: `IF NOT EXISTS` asks for the right to make tables even where there is nothing to make. */
async function makeRuns(session: Session, sql: string): Promise<void> {
  const { rows } = await session.query("SELECT to_regclass($1) IS NOT NULL AS there", [sql]);
  if (rows[0].there) return;
  await session.query(`CREATE TABLE ${sql} (
    run text COLLATE "C" NOT NULL,
    table_name text COLLATE "C" NOT NULL,
    stream text NOT NULL,
    commits bigint NOT NULL DEFAULT 0,
    txid bigint,
    started_at timestamptz NOT NULL DEFAULT now(),
    committed_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (run, table_name))`);
}

async function makeTable(
  session: Session,
  table: Table,
  options: Readonly<Record<string, OptionValue>>,
): Promise<Table> {
  const found = await inspectTable(session, table);
  if (found) await addColumns(session, table, found);
  else await createTable(session, table);
  await addIndexes(session, table, indexedColumns(options));
  const { limits } = await inspectIndexes(session, table);
  const promoted = table.promoted.map((column): TableColumn => {
    const limit = limits.get(column.name);
    return limit === undefined ? column : { ...column, limit };
  });
  return { ...table, promoted, rawType: found?.get("raw") === "text" ? "text" : "json" };
}

async function addIndexes(session: Session, table: Table, names: readonly string[]): Promise<void> {
  const wanted = table.promoted.filter(({ column }) => names.includes(column.name));
  if (wanted.length === 0) return;
  const { leading } = await inspectIndexes(session, table);
  for (const { name, type } of wanted) {
    if (leading.has(name)) continue;
    const quoted = quoteIdentifier(name);
    // To find rows that have a tag, rather than rows with the very same tags.
    const keys = type === "jsonb" ? `USING gin (${quoted} jsonb_path_ops)` : `(${quoted})`;
    await session.query(`CREATE INDEX ON ${table.sql} ${keys}`);
  }
}

async function createTable(session: Session, table: Table): Promise<void> {
  const columns = [
    // Compared as bytes: faster, and no index breaks when the locales of the server are updated.
    'row_id text COLLATE "C" PRIMARY KEY',
    "row_time timestamptz",
    ...table.promoted.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`),
    "raw json NOT NULL",
    "run text NOT NULL",
  ];
  await session.query(`CREATE TABLE ${table.sql} (${columns.join(", ")})`);
  await session.query(`CREATE INDEX ON ${table.sql} (row_time)`);
}

/** What may stand for a type without a loss. */
const alike: Readonly<Record<string, readonly string[]>> = {
  text: ["text", "character varying"],
  json: ["json", "text"],
};

async function addColumns(
  session: Session,
  table: Table,
  found: ReadonlyMap<string, string>,
): Promise<void> {
  const own = { row_id: "text", row_time: "timestamp with time zone", raw: "json", run: "text" };
  const wanted = [
    ...Object.entries(own),
    ...table.promoted.map(({ name, type }): [string, string] => [name, type]),
  ];
  const missing: string[] = [];
  for (const [name, type] of wanted) {
    const there = found.get(name);
    if (there === undefined && name in own) throw tableMismatch(table, `it has no column ${name}`);
    if (there === undefined) missing.push(`ADD COLUMN ${quoteIdentifier(name)} ${type}`);
    else if (!(alike[type] ?? [type]).includes(there)) {
      throw tableMismatch(
        table,
        `its column ${quoteIdentifier(name)} is ${there} instead of ${type}`,
      );
    }
  }
  if (missing.length > 0) await session.query(`ALTER TABLE ${table.sql} ${missing.join(", ")}`);
}
