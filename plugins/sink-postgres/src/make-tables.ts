import { DecantError } from "@decant/core";
import type { Session } from "./connect.ts";
import { fitIdentifier, quoteIdentifier } from "./identifier.ts";
import { runsTable, type Table, type TableColumn } from "./plan-table.ts";

/**
 * Makes what is missing: the schema, the book of runs, tables, and columns of tables that are there.
 * Nothing that is there is changed. Called in a transaction.
 *
 * @throws {DecantError} `POSTGRES_TABLE_MISMATCH` when something of that name is no table of this sink.
 */
export async function makeTables(session: Session, tables: readonly Table[]): Promise<void> {
  const schema = tables[0]?.schema;
  if (schema === undefined) return;
  // Two exports that make the same table at once would fail each other.
  await session.query("SELECT pg_advisory_xact_lock(hashtextextended('decant', 0))");
  const { rows } = await session.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema]);
  if (rows.length === 0) await session.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  await session.query(runsSql(schema));
  for (const table of tables) await makeTable(session, table);
}

/** The book of runs, with its schema, quoted. */
export function runsOf(schema: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(runsTable)}`;
}

function runsSql(schema: string): string {
  return `CREATE TABLE IF NOT EXISTS ${runsOf(schema)} (
    run text COLLATE "C" NOT NULL,
    table_name text COLLATE "C" NOT NULL,
    stream text NOT NULL,
    commits bigint NOT NULL DEFAULT 0,
    txid bigint,
    started_at timestamptz NOT NULL DEFAULT now(),
    committed_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (run, table_name))`;
}

async function makeTable(session: Session, table: Table): Promise<void> {
  const found = await columnsOf(session, table);
  if (!found) {
    await session.query(tableSql(table));
    const index = quoteIdentifier(fitIdentifier(`${table.name}_row_time_idx`));
    await session.query(`CREATE INDEX ${index} ON ${table.sql} (row_time)`);
    return;
  }
  const missing = table.columns.filter((column) => checkColumn(table, column, found));
  if (missing.length === 0) return;
  const more = missing.map(
    ({ name, type }) => `ADD COLUMN IF NOT EXISTS ${quoteIdentifier(name)} ${type}`,
  );
  await session.query(`ALTER TABLE ${table.sql} ${more.join(", ")}`);
}

function tableSql({ sql, columns }: Table): string {
  const own: Readonly<Record<string, string>> = {
    // Compared as bytes: faster, and no index breaks when the server's locale is updated.
    row_id: ' COLLATE "C" PRIMARY KEY',
    raw: " NOT NULL",
    run: " NOT NULL",
  };
  const lines = columns.map(
    ({ name, type, paths }) => `${quoteIdentifier(name)} ${type}${paths ? "" : (own[name] ?? "")}`,
  );
  return `CREATE TABLE ${sql} (${lines.join(", ")})`;
}

/** @returns The types of the columns by name, or nothing where there is no table. */
async function columnsOf(
  session: Session,
  table: Table,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { rows } = await session.query(
    `SELECT c.relkind, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL
         AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) AS key
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = $1 AND c.relname = $2`,
    [table.schema, table.name],
  );
  const [first] = rows;
  if (!first) return undefined;
  if (!["r", "p"].includes(first.relkind)) throw mismatch(table, "it is no table");
  const key = rows.find(({ name }) => name === "row_id");
  if (!key) throw mismatch(table, "it has no column row_id, so decant did not make it");
  if (!key.key) throw mismatch(table, "row_id is not its key");
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** What may stand for a type without a loss. */
const alike: Readonly<Record<string, readonly string[]>> = {
  text: ["character varying"],
  json: ["text"],
};

/** @returns Whether the column is missing. */
function checkColumn(
  table: Table,
  { name, type, paths }: TableColumn,
  found: ReadonlyMap<string, string>,
): boolean {
  const there = found.get(name);
  if (there === undefined && paths) return true;
  if (there === undefined && name === "row_time") return true;
  if (there === undefined) throw mismatch(table, `it has no column ${name}`);
  if (there === type || alike[type]?.includes(there)) return false;
  throw mismatch(table, `its column ${quoteIdentifier(name)} is of type ${there}, not ${type}`);
}

function mismatch({ sql, schema }: Table, state: string): DecantError {
  return new DecantError("POSTGRES_TABLE_MISMATCH", `Cannot write into ${sql}: ${state}`, {
    kind: "usage",
    hint: `Choose other tables with the option prefix, or a schema other than ${schema}; or rename or alter what is there.`,
  });
}
