import type { DatabaseSync } from "node:sqlite";

/** What a database says of a run. */
export interface RunRecord {
  /** How many transactions with rows it has ended. */
  readonly commits: number;
  readonly finished: boolean;
}

/** Tables of decant's own, which say what is in the others. */
const schema = `
  CREATE TABLE IF NOT EXISTS _decant_runs (
    run TEXT NOT NULL PRIMARY KEY, commits INTEGER NOT NULL, finished BOOLEAN NOT NULL);
  CREATE TABLE IF NOT EXISTS _decant_tables (name TEXT NOT NULL PRIMARY KEY, stream TEXT NOT NULL)`;

/** The tables that decant made, by name, each with its stream. Nothing: it made none. */
export function tablesOf(database: DatabaseSync): Map<string, string> | undefined {
  const names = new Set(everyTable(database));
  if (!names.has("_decant_runs") || !names.has("_decant_tables")) return undefined;
  const rows = database.prepare("SELECT name, stream FROM _decant_tables").all();
  return new Map(rows.map(({ name, stream }) => [String(name), String(stream)]));
}

/** The names of tables that decant did not make. */
export function foreignTables(database: DatabaseSync): string[] {
  const own = tablesOf(database);
  return everyTable(database).filter(
    (name) => !own || !(own.has(name) || /^_decant_(runs|tables)$/.test(name)),
  );
}

/** Makes the tables of decant's own where they are missing. */
export function createLedger(database: DatabaseSync): void {
  database.exec(schema);
}

/** Reads what is known of a run. */
export function findRun(database: DatabaseSync, run: string): RunRecord | undefined {
  const found = database
    .prepare("SELECT commits, finished FROM _decant_runs WHERE run = ?")
    .get(run);
  return found && { commits: Number(found["commits"]), finished: found["finished"] === 1 };
}

/** Notes what is known of a run. */
export function saveRun(
  database: DatabaseSync,
  { run, commits, finished }: RunRecord & { readonly run: string },
): void {
  database
    .prepare("INSERT OR REPLACE INTO _decant_runs VALUES (?, ?, ?)")
    .run(run, commits, finished ? 1 : 0);
}

function everyTable(database: DatabaseSync): string[] {
  return database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all()
    .map(({ name }) => String(name));
}
