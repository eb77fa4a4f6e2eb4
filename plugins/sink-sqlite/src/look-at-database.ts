import type { DatabaseSync } from "node:sqlite";
import { DecantError } from "@decant/core";
import { fileSize } from "./check-destination.ts";
import { connect, disconnect } from "./connect.ts";
import { findRun, foreignTables, tablesOf } from "./ledger.ts";
import { attemptSql, isNoDatabase } from "./sql-error.ts";

/**
 * Refuses to replace what must stay: any file without `force`, and with it a database that others
 * keep tables in.
 *
 * @throws {DecantError} `OUTPUT_EXISTS`.
 */
export async function refuseToReplace(
  path: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  const size = await fileSize(path);
  if (size === undefined) return;
  if (!force) {
    throw exists(path, "it exists", "Choose another name, or replace it with --force.");
  }
  const [foreign] = size === 0 ? [] : foreignIn(path);
  if (foreign === undefined) return;
  throw exists(
    path,
    `the table "${foreign}" in it is not decant's`,
    "Choose another name, have tables added with --sqlite-into, or remove the file yourself.",
  );
}

/** Whether an unfinished database holds rows, or is none of decant's at all. */
export function partState(path: string): "rows" | "empty" {
  return look(path, { exclusive: true, otherwise: "rows" }, (database) => {
    if (tablesOf(database)) {
      const some = "SELECT 1 FROM _decant_runs WHERE commits > 0 LIMIT 1";
      return database.prepare(some).get() ? "rows" : "empty";
    }
    return foreignTables(database).length > 0 ? "rows" : "empty";
  });
}

/** Whether a database holds all that a run had committed, and is finished. */
export async function isFinished(
  path: string,
  { run, commits }: { readonly run: string; readonly commits: number },
): Promise<boolean> {
  if ((await fileSize(path)) === undefined) return false;
  return look(path, { otherwise: false }, (database) => {
    const record = tablesOf(database) && findRun(database, run);
    return record?.finished === true && record.commits === commits;
  });
}

function foreignIn(path: string): string[] {
  return look(path, { otherwise: [] }, foreignTables);
}

interface Look<T> {
  readonly exclusive?: boolean;
  /** What to give for a file that is no database. */
  readonly otherwise: T;
}

/** Not as a reader: after a crash of its writer SQLite has to mend a database before it is read. */
function look<T>(
  path: string,
  { otherwise, ...how }: Look<T>,
  task: (database: DatabaseSync) => T,
): T {
  return attemptSql(`look at "${path}"`, () => {
    try {
      const database = connect(path, how);
      try {
        return task(database);
      } finally {
        disconnect(database);
      }
    } catch (error) {
      if (isNoDatabase(error)) return otherwise;
      throw error;
    }
  });
}

function exists(path: string, state: string, hint: string): DecantError {
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${path}": ${state}`, {
    kind: "usage",
    hint,
  });
}
