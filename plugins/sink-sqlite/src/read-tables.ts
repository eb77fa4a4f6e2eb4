import type { DatabaseSync } from "node:sqlite";
import { DecantError, isDecantError, type SinkReadOptions } from "@decant/core";
import { fileSize } from "./check-destination.ts";
import { connect, quote } from "./connect.ts";
import { findRun, tablesOf } from "./ledger.ts";
import { partOf } from "./open-part.ts";
import { isNoDatabase } from "./sql-error.ts";

/** How much is given at once. */
const batch = { rows: 256, bytes: 1 << 20 };
const encoder = new TextEncoder();

/**
 * Reads rows back, table by table, each as the bytes that were written.
 *
 * @throws {DecantError} of kind `verify` when the database is not there, not finished, or no longer as
 * decant writes it.
 */
export async function* readTables(
  options: SinkReadOptions,
): AsyncGenerator<{ stream: string; json: Uint8Array[] }> {
  const { destination: path, signal } = options;
  signal?.throwIfAborted();
  if ((await fileSize(path)) === undefined) throw await missing(path);
  let database: DatabaseSync | undefined;
  try {
    database = connect(path, { readOnly: true });
    for (const { name, stream } of choose(database, options)) {
      for (const json of readTable(database, { name, run: options.run })) {
        signal?.throwIfAborted();
        yield { stream, json };
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw isDecantError(error) ? error : unreadable(path, error);
  } finally {
    database?.close();
  }
}

interface Named {
  readonly name: string;
  readonly stream: string;
}

function choose(
  database: DatabaseSync,
  { destination: path, run, streams }: SinkReadOptions,
): Named[] {
  const own = tablesOf(database);
  if (!own) throw malformed(path, "decant did not write it");
  if (run !== undefined && findRun(database, run)?.finished === false) throw unfinished(path);
  const wanted = streams && new Set(streams.map(({ name }) => name));
  return [...own]
    .map(([name, stream]) => ({ name, stream }))
    .filter(({ stream }) => wanted?.has(stream) ?? true);
}

function* readTable(
  database: DatabaseSync,
  { name, run }: { readonly name: string; readonly run: string | undefined },
): Generator<Uint8Array[]> {
  const all = `SELECT raw FROM ${quote(name)}`;
  const rows =
    run === undefined
      ? database.prepare(all).iterate()
      : database.prepare(`${all} WHERE run = ?`).iterate(run);
  let json: Uint8Array[] = [];
  let bytes = 0;
  for (const { raw } of rows) {
    const row = typeof raw === "string" ? encoder.encode(raw) : (raw as Uint8Array);
    json.push(row);
    bytes += row.byteLength;
    if (json.length < batch.rows && bytes < batch.bytes) continue;
    yield json;
    json = [];
    bytes = 0;
  }
  if (json.length > 0) yield json;
}

async function missing(path: string): Promise<DecantError> {
  if ((await fileSize(partOf(path))) !== undefined) return unfinished(path);
  return new DecantError("OUTPUT_MISSING", `Cannot read "${path}": there is no such file`, {
    kind: "verify",
    hint: "Put the file back, or export again.",
  });
}

function unfinished(path: string): DecantError {
  return new DecantError("OUTPUT_MISSING", `Cannot read "${path}": it is not finished`, {
    kind: "verify",
    hint: "Resume its export first.",
  });
}

function unreadable(path: string, cause: unknown): DecantError {
  if (isNoDatabase(cause)) return malformed(path, "it is no SQLite database, or damaged", cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new DecantError("OUTPUT_UNREADABLE", `Cannot read "${path}": ${message}`, {
    kind: "verify",
    hint: "Check the path and who may read it.",
    cause,
  });
}

function malformed(path: string, state: string, cause?: unknown): DecantError {
  return new DecantError("OUTPUT_MALFORMED", `Cannot read "${path}": ${state}`, {
    kind: "verify",
    hint: "Restore the file, or export it again.",
    cause,
  });
}
