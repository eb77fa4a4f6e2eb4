import { DecantError, type SinkReadOptions } from "@decant/core";
import { escapeLiteral } from "pg";
import type { Session } from "./connect.ts";
import { decodeRows } from "./decode-rows.ts";
import { qualify, runsTable, schemaName, tableName } from "./plan-tables.ts";

/** Reads the rows of tables back, as they come from the server: no table is held in memory. */
export async function* readTables(
  session: Session,
  { streams, run, options }: SinkReadOptions,
): AsyncGenerator<{ stream: string; json: Uint8Array[] }> {
  const schema = schemaName(options);
  const names = streams?.map(({ name }) => name) ?? (await findStreams(session, options));
  if (names.length === 0) throw missing(session, `the schema "${schema}" has no table of decant`);
  for (const stream of names) {
    const sql = qualify(schema, tableName(stream, options));
    if (!(await isThere(session, sql))) throw missing(session, `there is no table ${sql}`);
    const only = run === undefined ? "" : ` WHERE run = ${escapeLiteral(run)}`;
    const chunks = session.copyOut(
      `COPY (SELECT raw FROM ${sql}${only}) TO STDOUT (FORMAT binary)`,
    );
    for await (const json of decodeRows(chunks)) yield { stream, json };
  }
}

async function isThere(session: Session, table: string): Promise<boolean> {
  const { rows } = await session.query("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
  return rows[0].there;
}

async function findStreams(
  session: Session,
  options: SinkReadOptions["options"],
): Promise<string[]> {
  const runs = qualify(schemaName(options), runsTable);
  if (!(await isThere(session, runs))) return [];
  const { rows } = await session.query(
    `SELECT DISTINCT stream, table_name AS table FROM ${runs} ORDER BY stream`,
  );
  return rows.flatMap(({ stream, table }) =>
    tableName(stream, options) === table ? [stream as string] : [],
  );
}

function missing({ label }: Session, state: string): DecantError {
  return new DecantError("OUTPUT_MISSING", `Cannot read "${label}": ${state}`, {
    kind: "verify",
    hint: "Check the database and the options schema, prefix and table, or export again.",
  });
}
