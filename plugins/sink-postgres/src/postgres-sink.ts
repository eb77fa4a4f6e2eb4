import { DecantError, type Sink, type SinkOpenOptions, type SinkPlugin } from "@decant/core";
import { connect, type Session } from "./connect.ts";
import { createWriter } from "./create-writer.ts";
import { findTarget } from "./find-target.ts";
import { makeTables } from "./make-tables.ts";
import { planTables, type Table } from "./plan-tables.ts";
import { readTables } from "./read-tables.ts";
import { beginRun, finishRun, type Run, resumeRun } from "./runs.ts";
import { inTransaction } from "./transaction.ts";

/**
 * The sink `postgres`: one table a stream, with a column for each of the stream's and `raw`, the row
 * as it came. A row that comes again overwrites the one of its id.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import { postgresSink } from "@decant/sink-postgres";
 *
 * await using sink = await postgresSink.open({
 *   destination: "postgres://localhost/sentry",
 *   streams: [{ name: "events", columns: [{ name: "level", type: "text", paths: [["level"]] }] }],
 *   options: { add: true },
 *   run: "first",
 *   force: false,
 * });
 * const json = new TextEncoder().encode('{"level":"error"}');
 * await sink.write("events", [createRow({ id: "web/1", json })]);
 * await sink.commit();
 * await sink.finish();
 * // select level, raw->>'level' from events where row_id = 'web/1';
 * ```
 */
export const postgresSink: SinkPlugin = {
  resume: "keyed",
  streams: "many",

  async open(options) {
    const { destination, signal } = options;
    const tables = planTables(options.streams, options.options);
    const target = await findTarget(destination, options.options);
    const session = await connect(target, { options: options.options, verb: "write", signal });
    try {
      const prepared = await inTransaction(session, () => prepare(session, tables, options));
      return createSink(session, { ...prepared, replace: replaces(options) });
    } catch (error) {
      await session.close();
      throw error;
    }
  },

  async *read(options) {
    const { destination, signal } = options;
    const target = await findTarget(destination, options.options);
    const session = await connect(target, { options: options.options, verb: "read", signal });
    try {
      yield* readTables(session, options);
    } finally {
      await session.close();
    }
  },
};

function replaces({ force, append = false, options }: SinkOpenOptions): boolean {
  return force && !append && options["add"] !== true;
}

interface Prepared {
  readonly run: Run;
  /** How many commits there were. */
  readonly commits: number;
}

async function prepare(
  session: Session,
  planned: readonly Table[],
  { run: name, position, append = false, force, options }: SinkOpenOptions,
): Promise<Prepared> {
  await checkEncoding(session);
  const tables = await makeTables(session, planned, options);
  const run = { name, tables };
  if (position !== undefined) return { run, commits: await resumeRun(session, run, position) };
  if (!append && !force && options["add"] !== true) await requireEmpty(session, tables);
  await beginRun(session, run);
  return { run, commits: 0 };
}

async function checkEncoding({ query, label }: Session): Promise<void> {
  const { rows } = await query("SHOW server_encoding");
  const { server_encoding: encoding } = rows[0];
  if (encoding === "UTF8") return;
  throw new DecantError(
    "POSTGRES_ENCODING",
    `Cannot write "${label}": its encoding is ${encoding}, which does not hold all characters`,
    { kind: "usage", hint: "Create a database with ENCODING 'UTF8' TEMPLATE template0." },
  );
}

async function requireEmpty({ query }: Session, tables: readonly Table[]): Promise<void> {
  for (const { sql } of tables) {
    const { rows } = await query(`SELECT EXISTS (SELECT FROM ${sql}) AS filled`);
    if (!rows[0].filled) continue;
    throw new DecantError("OUTPUT_EXISTS", `Cannot write into ${sql}: it holds rows`, {
      kind: "usage",
      hint: "Add to them with --postgres-add, replace them with --force, or choose other tables with --postgres-prefix.",
    });
  }
}

interface SinkParts extends Prepared {
  readonly replace: boolean;
}

function createSink(session: Session, { run, commits, replace }: SinkParts): Sink {
  const writer = createWriter(session, run, commits);
  let broken: { readonly error: unknown } | undefined;
  let closed = false;

  // After a failure nobody knows what was written: only opening at a position makes that good.
  async function step<T>(task: () => Promise<T>): Promise<T> {
    if (broken) throw broken.error;
    if (closed) throw closedBefore(session);
    try {
      return await task();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }

  return {
    write: (stream, rows) => step(() => writer.write(stream, rows)),
    commit: () => step(async () => ({ commits: await writer.commit() })),
    finish: () => step(() => inTransaction(session, () => finishRun(session, run, { replace }))),
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await session.close();
    },
  };
}

function closedBefore({ label }: Session): DecantError {
  return new DecantError("SINK_CLOSED", `Cannot write "${label}": it was closed before`, {
    kind: "sink",
    hint: "Resume the export: what was committed is kept.",
  });
}
