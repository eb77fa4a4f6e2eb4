import { dirname, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { DecantError, type Sink, type SinkOpenOptions } from "@decant/core";
import { attempt, makeFolder, syncFolder } from "@decant/core/file";
import { fileSize } from "./check-destination.ts";
import { connect, disconnect } from "./connect.ts";
import { createSink } from "./create-sink.ts";
import { foreignTables, saveRun, tablesOf } from "./ledger.ts";
import type { Table } from "./plan-tables.ts";
import { goBack, gone, markRows, type Position, parsePosition } from "./position.ts";
import { createIndexes, holdsOthers, prepareTables, removeOthers } from "./prepare-tables.ts";
import { attemptWhenFree } from "./sql-error.ts";
import { transact } from "./transact.ts";

type Tables = ReadonlyMap<string, Table>;

/** Opens a database that rows are added to where it lies, while others may read it. */
export async function openInPlace(options: SinkOpenOptions, tables: Tables): Promise<Sink> {
  const { destination: path, position, run, force, append = false } = options;
  const waitMs = Number(options.options["wait"] ?? 30) * 1000;
  const isNew = (await fileSize(path)) === undefined;
  if (isNew && position !== undefined) throw gone(path);
  const made = isNew ? await createFolder(path) : undefined;
  const action = { action: `write "${path}"`, waitMs };
  const database = await attemptWhenFree(action, () => connect(path));
  try {
    const reached = await attemptWhenFree(action, () =>
      transact(database, () => setUp(database, { options, tables })),
    );
    if (isNew) await attempt(`create "${path}"`, () => syncFolder(folderOf(path), made));
    return createSink({
      ...{ database, path, tables, run, position: reached, waitMs },
      seal() {
        createIndexes(database, tables.values());
        if (!force || append) return;
        for (const { name } of tables.values()) removeOthers(database, name, run);
      },
      place: async () => {},
    });
  } catch (error) {
    disconnect(database);
    throw error;
  }
}

interface SetUp {
  readonly options: SinkOpenOptions;
  readonly tables: Tables;
}

/** @returns How far the run has got. */
function setUp(database: DatabaseSync, { options, tables }: SetUp): Position {
  const { destination: path, position, run, force, append = false } = options;
  const own = tablesOf(database);
  if (position !== undefined) {
    const reached = parsePosition(position);
    prepareTables(database, tables.values());
    goBack(database, { path, tables: tables.values(), run, position: reached });
    return reached;
  }
  if (!own && options.options["into"] !== true) refuseForeign(database, path);
  prepareTables(database, tables.values());
  for (const { name } of append || force ? [] : tables.values()) {
    if (holdsOthers(database, name, run)) throw holdsRows(path, name);
  }
  saveRun(database, { run, commits: 0, finished: false });
  return { commits: 0, rows: markRows(database, tables.values()) };
}

async function createFolder(path: string): Promise<string | undefined> {
  return await attempt(`create "${path}"`, async () => {
    const made = await makeFolder(folderOf(path));
    return made && dirname(made);
  });
}

function folderOf(path: string): string {
  return resolve(dirname(path));
}

function refuseForeign(database: DatabaseSync, path: string): void {
  if (foreignTables(database).length === 0) return;
  throw new DecantError("OUTPUT_EXISTS", `Cannot add to "${path}": it is not decant's`, {
    kind: "usage",
    hint: "Choose another name, or have tables added to it with --sqlite-into.",
  });
}

function holdsRows(path: string, name: string): DecantError {
  return new DecantError(
    "OUTPUT_EXISTS",
    `Cannot write table "${name}" of "${path}": it holds rows of an earlier export`,
    {
      kind: "usage",
      hint: "Name other tables with --sqlite-prefix, or replace these rows with --force.",
    },
  );
}
