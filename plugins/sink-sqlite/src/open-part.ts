import { rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { DecantError, type Sink, type SinkOpenOptions } from "@decant/core";
import { attempt, makeFolder, syncFolder } from "@decant/core/file";
import { fileSize } from "./check-destination.ts";
import { connect, disconnect } from "./connect.ts";
import { createSink } from "./create-sink.ts";
import { saveRun } from "./ledger.ts";
import { isFinished, partState, refuseToReplace } from "./look-at-database.ts";
import type { Table } from "./plan-tables.ts";
import { goBack, gone, markRows, type Position, parsePosition } from "./position.ts";
import { createIndexes, prepareTables } from "./prepare-tables.ts";
import { attemptSql } from "./sql-error.ts";
import { transact } from "./transact.ts";

type Tables = ReadonlyMap<string, Table>;

/** The name of a database while it is worked on. */
export function partOf(destination: string): string {
  return `${destination}.part`;
}

/**
 * Opens a database of its own, that is worked on under `<destination>.part` and gets its name when it is
 * finished. Nobody else can open it until then.
 */
export async function openPart(options: SinkOpenOptions, tables: Tables): Promise<Sink> {
  const { destination, run, force, finishing = false } = options;
  const path = partOf(destination);
  const position = options.position === undefined ? undefined : parsePosition(options.position);
  if (position === undefined) await clearPlace(options, path);
  else if ((await fileSize(path)) === undefined) {
    if (finishing && (await isFinished(destination, { run, ...position })))
      return createFinishedSink(position);
    throw gone(path);
  }
  const database = attemptSql(`write "${path}"`, () => connect(path, { exclusive: true }));
  try {
    const reached = attemptSql(`write "${path}"`, () =>
      transact(database, () => setUp(database, { path, run, tables, position })),
    );
    if (position === undefined) {
      await attempt(`create "${path}"`, () => syncFolder(resolve(dirname(path))));
    }
    return createSink({
      ...{ database, path, tables, run, position: reached, waitMs: 0 },
      seal: () => createIndexes(database, tables.values()),
      place: () => moveIntoPlace(destination, { force }),
    });
  } catch (error) {
    disconnect(database);
    throw error;
  }
}

interface SetUp {
  readonly path: string;
  readonly run: string;
  readonly tables: Tables;
  readonly position: Position | undefined;
}

/** @returns How far the run has got. */
function setUp(database: DatabaseSync, { path, run, tables, position }: SetUp): Position {
  prepareTables(database, tables.values());
  if (position) {
    goBack(database, { path, tables: tables.values(), run, position });
    return position;
  }
  saveRun(database, { run, commits: 0, finished: false });
  return { commits: 0, rows: markRows(database, tables.values()) };
}

/** @throws {DecantError} `OUTPUT_EXISTS` where a database, or a part that holds rows, must stay. */
async function clearPlace({ destination, force }: SinkOpenOptions, path: string): Promise<void> {
  await refuseToReplace(destination, { force });
  await attempt(`create "${path}"`, async () => {
    const folder = resolve(dirname(path));
    const made = await makeFolder(folder);
    if (made !== undefined) await syncFolder(folder, dirname(made));
  });
  const size = await fileSize(path);
  if (size === undefined) return;
  if (partState(path) === "rows" && !force) throw unfinished(path);
  await removeDatabase(path);
}

async function moveIntoPlace(destination: string, { force }: { force: boolean }): Promise<void> {
  await refuseToReplace(destination, { force });
  const path = partOf(destination);
  await attempt(`rename "${path}" to "${destination}"`, async () => {
    // What was left of a journal belongs to the database that is replaced, and would spoil this one.
    await removeJournals(destination);
    await rename(path, destination);
    await syncFolder(resolve(dirname(destination)));
  });
}

async function removeDatabase(path: string): Promise<void> {
  await attempt(`remove "${path}"`, async () => {
    // In this order: a journal without its database is nothing.
    await rm(path, { force: true });
    await removeJournals(path);
  });
}

async function removeJournals(path: string): Promise<void> {
  for (const end of ["-journal", "-wal", "-shm"]) await rm(path + end, { force: true });
}

/** A database that got its name just before the crash: there is nothing left to do. */
function createFinishedSink(position: Position): Sink {
  return {
    async write(_stream, rows) {
      if (rows.length > 0) throw new TypeError("Cannot write rows: the database is finished");
    },
    commit: async () => position,
    finish: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

function unfinished(path: string): DecantError {
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${path}": an unfinished export is there`, {
    kind: "usage",
    hint: "Resume that export, choose another name, or replace it with --force.",
  });
}
