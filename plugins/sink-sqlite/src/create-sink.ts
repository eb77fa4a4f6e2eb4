import type { DatabaseSync } from "node:sqlite";
import { DecantError, type Sink } from "@decant/core";
import { disconnect } from "./connect.ts";
import { createInserter } from "./create-inserter.ts";
import { saveRun } from "./ledger.ts";
import type { Table } from "./plan-tables.ts";
import { markRows, type Position } from "./position.ts";
import { attemptSql, attemptWhenFree } from "./sql-error.ts";

/** An open database, and what a sink does in it. */
export interface SinkWork {
  readonly database: DatabaseSync;
  /** Where the database lies now. */
  readonly path: string;
  readonly tables: ReadonlyMap<string, Table>;
  readonly run: string;
  /** How far it has got. */
  readonly position: Position;
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
  let { position } = work;
  const { step, requireWhole } = createSteps();
  let sealed = false;
  let closed = false;
  let finished = false;

  async function begin(): Promise<void> {
    if (database.isTransaction) return;
    await attemptWhenFree(statement, () => database.exec("BEGIN IMMEDIATE"));
  }

  async function end(record: { commits: number; finished: boolean }): Promise<void> {
    attemptSql(statement.action, () => saveRun(database, { run, ...record }));
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
          const commits = position.commits + 1;
          const mark = () => markRows(database, work.tables.values());
          position = { commits, rows: attemptSql(statement.action, mark) };
          await end({ commits, finished: false });
        }
        return position;
      }),
    async finish() {
      if (finished) return;
      requireWhole();
      if (closed && !sealed) throw closedBefore(work.path);
      if (!sealed) {
        await step(async () => {
          await begin();
          attemptSql(statement.action, work.seal);
          await end({ commits: position.commits, finished: true });
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

interface Steps {
  step<T>(task: () => Promise<T>): Promise<T>;
  /** @throws what a step failed with. */
  requireWhole(): void;
}

/** After a failure SQLite may have dropped the transaction: only opening it again makes that good. */
function createSteps(): Steps {
  let broken: { readonly error: unknown } | undefined;
  function requireWhole(): void {
    if (broken) throw broken.error;
  }
  async function step<T>(task: () => Promise<T>): Promise<T> {
    requireWhole();
    try {
      return await task();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  return { step, requireWhole };
}

function closedBefore(path: string): DecantError {
  return new DecantError("SINK_CLOSED", `Cannot finish "${path}": it was closed before`, {
    kind: "sink",
    hint: "Resume the export: what was committed is kept.",
  });
}
