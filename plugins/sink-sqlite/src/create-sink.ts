import type { DatabaseSync } from "node:sqlite";
import { DecantError, type Sink } from "@decant/core";
import { disconnect } from "./connect.ts";
import { createInserter } from "./create-inserter.ts";
import { saveRun } from "./ledger.ts";
import type { Table } from "./plan-tables.ts";
import { attemptSql, attemptWhenFree } from "./sql-error.ts";

/** An open database, and what a sink does in it. */
export interface SinkWork {
  readonly database: DatabaseSync;
  /** Where the database lies now. */
  readonly path: string;
  readonly tables: ReadonlyMap<string, Table>;
  readonly run: string;
  /** How many commits it has had. */
  readonly commits: number;
  /** How long others may hold the database. */
  readonly waitMs: number;
  /** What is to be done in the last transaction. */
  seal(): void;
  /** Puts the closed database in its place. May be called again after a failure. */
  place(): Promise<void>;
}

/** Makes the sink of a database that is ready for rows. */
export function createSink(work: SinkWork): Sink {
  const { database, run } = work;
  const statement = { action: `write "${work.path}"`, waitMs: work.waitMs };
  const insert = createInserter(work);
  let { commits } = work;
  let broken: { readonly error: unknown } | undefined;
  let sealed = false;
  let closed = false;
  let finished = false;

  // After a failure SQLite may have dropped the transaction: only opening it again makes that good.
  async function step<T>(task: () => Promise<T>): Promise<T> {
    if (broken) throw broken.error;
    try {
      return await task();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }

  async function begin(): Promise<void> {
    if (database.isTransaction) return;
    await attemptWhenFree(statement, () => database.exec("BEGIN IMMEDIATE"));
  }

  async function end(finish: boolean): Promise<void> {
    attemptSql(statement.action, () => saveRun(database, { run, commits, finished: finish }));
    await attemptWhenFree(statement, () => database.exec("COMMIT"));
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    disconnect(database);
  }

  return {
    async write(stream, rows) {
      if (rows.length === 0) return;
      await step(async () => {
        await begin();
        attemptSql(statement.action, () => insert(stream, rows));
      });
    },
    commit: () =>
      step(async () => {
        if (database.isTransaction) {
          commits += 1;
          await end(false);
        }
        return { commits };
      }),
    async finish() {
      if (finished) return;
      if (broken) throw broken.error;
      if (closed && !sealed) throw closedBefore(work.path);
      if (!sealed) {
        await step(async () => {
          await begin();
          attemptSql(statement.action, work.seal);
          await end(true);
        });
        sealed = true;
        await close();
      }
      await work.place();
      finished = true;
    },
    [Symbol.asyncDispose]: close,
  };
}

function closedBefore(path: string): DecantError {
  return new DecantError("SINK_CLOSED", `Cannot finish "${path}": it was closed before`, {
    kind: "sink",
    hint: "Resume the export: what was committed is kept.",
  });
}
