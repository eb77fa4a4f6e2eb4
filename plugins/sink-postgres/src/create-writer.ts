import type { Row } from "@decant/core";
import type { Session } from "./connect.ts";
import { encodeRows } from "./encode-rows.ts";
import { quoteIdentifier } from "./identifier.ts";
import type { Table, TableColumn } from "./plan-tables.ts";
import { countCommit, type Run } from "./runs.ts";
import { begin } from "./transaction.ts";

/** So many bytes are held here before they go to the server. */
const chunkBytes = 4 << 20;

/** Takes rows, and puts them into their tables, one transaction a commit. */
export interface Writer {
  write(stream: string, rows: readonly Row[]): Promise<void>;
  /** @returns How many commits there were. */
  commit(): Promise<number>;
}

interface Pending {
  readonly table: Table;
  readonly stage: string;
  chunks: Uint8Array[];
  staged: boolean;
}

/**
 * Rows go by COPY into a temporary table for each stream, and from there by one INSERT into its table.
 * A transaction depends on nothing outside of it, so that a pooler of transactions may be in between.
 */
export function createWriter(session: Session, run: Run, begun: number): Writer {
  const tables = new Map(run.tables.map((table) => [table.stream, table]));
  const pending = new Map<string, Pending>();
  let commits = begun;
  let bytes = 0;
  let open = false;

  async function flush(): Promise<void> {
    if (!open) {
      open = true;
      await begin(session);
      await countCommit(session, run, commits + 1);
    }
    for (const batch of pending.values()) await stage(session, batch);
    bytes = 0;
  }

  return {
    async write(stream, rows) {
      const table = tables.get(stream);
      if (!table) throw new TypeError(`stream "${stream}" was not opened`);
      if (rows.length === 0) return;
      const encoded = encodeRows(rows, { table, run: run.name });
      const batch = pending.get(stream) ?? {
        table,
        stage: `pg_temp.decant_${pending.size}`,
        chunks: [],
        staged: false,
      };
      pending.set(stream, batch);
      batch.chunks.push(encoded);
      bytes += encoded.byteLength;
      if (bytes >= chunkBytes) await flush();
    },
    async commit() {
      if (pending.size === 0) return commits;
      await flush();
      // Always in the same order, as those of other exports, so that none waits for another in turn.
      const batches = [...pending.values()].sort((one, other) =>
        one.table.sql < other.table.sql ? -1 : 1,
      );
      for (const batch of batches) await session.query(upsertSql(batch));
      await session.query("COMMIT");
      open = false;
      pending.clear();
      commits += 1;
      return commits;
    },
  };
}

async function stage(session: Session, batch: Pending): Promise<void> {
  const { table, stage: name, chunks, staged } = batch;
  if (chunks.length === 0) return;
  batch.chunks = [];
  batch.staged = true;
  if (!staged) {
    // Copied once, compressed once: in the table.
    const types = table.promoted.map((column) => `${quoted(column)} ${column.type}, `);
    await session.query(
      `CREATE TEMPORARY TABLE ${name} (row_id text, row_time timestamptz, ${types.join("")}
         raw ${table.rawType}, run text) ON COMMIT DROP;
       ALTER TABLE ${name} ALTER COLUMN raw SET STORAGE EXTERNAL`,
    );
  }
  await session.copyIn(`COPY ${name} FROM STDIN (FORMAT binary)`, chunks);
}

/** Of a row that came twice the later one counts. Sorted, so that exports lock rows in one order. */
function upsertSql({ table, stage: name }: Pending): string {
  const columns = ["row_id", "row_time", ...table.promoted.map(quoted), "raw", "run"];
  const changes = columns.slice(1).map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table.sql} (${columns.join(", ")})
    SELECT DISTINCT ON (row_id COLLATE "C") ${columns.join(", ")} FROM ${name}
    ORDER BY row_id COLLATE "C", ctid DESC
    ON CONFLICT (row_id) DO UPDATE SET ${changes.join(", ")}`;
}

function quoted({ name }: TableColumn): string {
  return quoteIdentifier(name);
}
