import type { DatabaseSync } from "node:sqlite";
import { DecantError, type Json } from "@decant/core";
import { quote } from "./connect.ts";
import { findRun, saveRun } from "./ledger.ts";
import type { Table } from "./plan-tables.ts";

/** How far an export has got. */
export type Position = {
  /** How many transactions with rows it has ended. */
  readonly commits: number;
  /** The last row of each stream's table by then, as SQLite numbers them. */
  readonly rows: { readonly [stream: string]: number };
};

/** What {@linkcode goBack} needs to know. */
export interface GoBackOptions {
  readonly path: string;
  readonly tables: Iterable<Table>;
  readonly run: string;
  readonly position: Position;
}

/**
 * Reads a position: `{"commits":3,"rows":{"events":1200}}`.
 *
 * @throws {DecantError} `STATE_MISMATCH` for what this sink never gave.
 */
export function parsePosition(position: Json): Position {
  const { commits, rows } = Object(position) as Partial<Position>;
  const numbers = [commits, ...Object.values(Object(rows) as object)];
  if (typeof rows === "object" && rows !== null && numbers.every(Number.isSafeInteger)) {
    return { commits: commits as number, rows };
  }
  throw mismatch(
    `Cannot go on at ${JSON.stringify(position)}: it is no position of this sink`,
    "Resume with the sink and the state that the export began with.",
  );
}

/** Finds the last row of each table. */
export function markRows(database: DatabaseSync, tables: Iterable<Table>): Position["rows"] {
  const marks = Array.from(tables, ({ name, stream }) => {
    const last = database.prepare(`SELECT max(_rowid_) AS mark FROM ${quote(name)}`).get();
    return [stream, Number(last?.["mark"] ?? 0)] as const;
  });
  return Object.fromEntries(marks);
}

/**
 * Drops the rows that a run has added behind a position. Those that it wrote over older ones stay, as
 * nobody has the older ones any more.
 *
 * @throws {DecantError} `STATE_MISMATCH` where the database has not got as far: somebody put another
 * one there.
 */
export function goBack(database: DatabaseSync, options: GoBackOptions): void {
  const { path, tables, run, position } = options;
  const { commits } = position;
  const record = findRun(database, run);
  if (!record || record.commits < commits) {
    const state = record ? `it has ${record.commits}` : "it knows nothing of this export";
    throw mismatch(`Cannot go on behind commit ${commits} of "${path}": ${state}`, restart);
  }
  for (const { name, stream } of tables) {
    const mark = position.rows[stream];
    if (mark === undefined) continue;
    database.prepare(`DELETE FROM ${quote(name)} WHERE _rowid_ > ? AND run = ?`).run(mark, run);
  }
  saveRun(database, { run, commits, finished: false });
}

/** Says that a database which an export began with is not there any more. */
export function gone(path: string): DecantError {
  return mismatch(`Cannot go on in "${path}": it is gone`, restart);
}

const restart = "Put the file back, or start the export again with --force.";

function mismatch(message: string, hint: string): DecantError {
  return new DecantError("STATE_MISMATCH", message, { kind: "usage", hint });
}
