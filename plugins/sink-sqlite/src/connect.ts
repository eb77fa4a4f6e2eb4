import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Room for the pages of the key, in KiB: rows come in any order, and so touch all of it. */
const cacheKib = 32 * 1024;

/** How {@linkcode connect} opens a database. */
export interface ConnectOptions {
  readonly readOnly?: boolean;
  /** Whether nobody else may even read it. */
  readonly exclusive?: boolean;
}

/**
 * Opens a database, a new one where there is none.
 *
 * A rollback journal that is deleted when a transaction ends is kept from coming back after a power
 * cut only by `EXTRA`, which syncs the folder, too (https://sqlite.org/pragma.html#pragma_synchronous).
 * A database that its owner has put into WAL mode stays in it, and is as safe.
 */
export function connect(path: string, options: ConnectOptions = {}): DatabaseSync {
  const { readOnly = false, exclusive = false } = options;
  // As an absolute path it cannot be taken for a URI or for memory.
  const database = new DatabaseSync(resolve(path), { readOnly });
  try {
    // What the schema of a file from elsewhere calls must be harmless.
    database.exec("PRAGMA busy_timeout = 0; PRAGMA trusted_schema = OFF");
    if (readOnly) return database;
    database.exec(`PRAGMA synchronous = EXTRA; PRAGMA cache_size = -${cacheKib}`);
    if (exclusive) database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Closes a database that was written, so that no journal stays beside it. Drops what was not committed. */
export function disconnect(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec("ROLLBACK");
    // An exclusive lock keeps the journal until the next time that the database is looked at.
    database.exec("PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_master");
  } catch {
    // Whatever is wrong with it was said before, and the next one to open it drops the journal.
  } finally {
    database.close();
  }
}

/** A name as SQLite compares it: of letters, it takes those of ASCII alone for the same. */
export function fold(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Quotes the name of a table or a column. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
