import { DecantError, type Json } from "@decant/core";
import type { Session } from "./connect.ts";
import { qualify, runsTable, type Table } from "./plan-tables.ts";

/** A run, in the tables that it writes. */
export interface Run {
  readonly name: string;
  readonly tables: readonly Table[];
}

function bookOf({ schema }: Table): string {
  return qualify(schema, runsTable);
}

/** Enters a run into the book, before its first row. */
export async function beginRun(session: Session, { name, tables }: Run): Promise<void> {
  for (const table of tables) {
    await session.query(
      `INSERT INTO ${bookOf(table)} (run, table_name, stream) VALUES ($1, $2, $3)
       ON CONFLICT (run, table_name) DO UPDATE SET commits = 0, txid = NULL, finished_at = NULL`,
      [name, table.name, table.stream],
    );
  }
}

/**
 * Goes back to a position. What the run committed later, and the host did not hear of, is dropped: it
 * comes again, if it is still there.
 *
 * @throws {DecantError} `STATE_MISMATCH` when the tables do not know the run, or not that far.
 */
export async function resumeRun(session: Session, run: Run, position: Json): Promise<number> {
  const { name, tables } = run;
  const wanted = (position as { readonly commits?: unknown } | null)?.commits;
  if (typeof wanted !== "number") throw mismatch(session, "the state is not of this sink");
  for (const table of tables) {
    const { rows } = await session.query(
      `SELECT commits::float8 AS commits, txid::text AS txid FROM ${bookOf(table)}
       WHERE run = $1 AND table_name = $2 FOR UPDATE`,
      [name, table.name],
    );
    const [found] = rows;
    if (!found) throw mismatch(session, `${table.sql} does not know run ${name}`);
    if (found.commits < wanted) throw mismatch(session, `${table.sql} was set back`);
    if (found.commits === wanted + 1) await dropCommit(session, { run, table, txid: found.txid });
    await session.query(
      `UPDATE ${bookOf(table)} SET commits = $3 WHERE run = $1 AND table_name = $2`,
      [name, table.name, wanted],
    );
  }
  return wanted;
}

interface Dropped {
  readonly run: Run;
  readonly table: Table;
  readonly txid: string;
}

async function dropCommit(session: Session, { run, table, txid }: Dropped): Promise<void> {
  // A row has the lower half of the number of the transaction that wrote it.
  await session.query(
    `DELETE FROM ${table.sql} WHERE run = $1 AND xmin::text::bigint = $2::bigint % 4294967296`,
    [run.name, txid],
  );
}

/** Counts a commit. It locks the run, so this comes first in a transaction. */
export async function countCommit(session: Session, run: Run, commits: number): Promise<void> {
  const { name, tables } = run;
  const [first] = tables;
  if (!first) return;
  const { rowCount } = await session.query(
    `UPDATE ${bookOf(first)} SET commits = $3, txid = txid_current(), committed_at = now()
     WHERE run = $1 AND table_name = ANY ($2) AND commits = $3 - 1`,
    [name, tables.map((table) => table.name), commits],
  );
  if (rowCount === tables.length) return;
  throw mismatch(session, `run ${name} was replaced by another export, or goes on elsewhere`);
}

/**
 * Notes that a run has ended. With `replace`, the rows and the entries of others go; once, as others may
 * have come when a crash has it called again.
 */
export async function finishRun(
  session: Session,
  { name, tables }: Run,
  { replace }: { readonly replace: boolean },
): Promise<void> {
  for (const table of tables) {
    const { rowCount } = await session.query(
      `UPDATE ${bookOf(table)} SET finished_at = now()
       WHERE run = $1 AND table_name = $2 AND finished_at IS NULL`,
      [name, table.name],
    );
    if (!replace || rowCount === 0) continue;
    await session.query(`DELETE FROM ${bookOf(table)} WHERE table_name = $2 AND run <> $1`, [
      name,
      table.name,
    ]);
    await session.query(`DELETE FROM ${table.sql} WHERE run <> $1`, [name]);
  }
}

function mismatch({ label }: Session, state: string): DecantError {
  return new DecantError("STATE_MISMATCH", `Cannot go on in "${label}": ${state}`, {
    kind: "usage",
    hint: "Restore the tables, or start the export again with --force.",
  });
}
