import type { DatabaseSync } from "node:sqlite";

/** Runs a task in one transaction: all of it is done, or nothing. */
export function transact<T>(database: DatabaseSync, task: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = task();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
