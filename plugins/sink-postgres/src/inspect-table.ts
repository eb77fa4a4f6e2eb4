import type { Session } from "./connect.ts";
import { longestKey } from "./encode-rows.ts";
import type { Table } from "./plan-tables.ts";
import { tableMismatch } from "./table-mismatch.ts";

/**
 * Looks at a table that may be there.
 *
 * @returns The types of its columns by name, or nothing where there is none.
 * @throws {DecantError} `POSTGRES_TABLE_MISMATCH` when rows cannot be told apart in it.
 */
export async function inspectTable(
  session: Session,
  table: Table,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { rows } = await session.query(
    `SELECT c.relkind AS kind, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
         AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) AS key
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = $1 AND c.relname = $2`,
    [table.schema, table.name],
  );
  const [first] = rows;
  if (!first) return undefined;
  if (first.kind !== "r" && first.kind !== "p") throw tableMismatch(table, "it is no table");
  const id = rows.find(({ name }) => name === "row_id");
  if (!id) throw tableMismatch(table, "it has no column row_id, so it is not from decant");
  if (!id.key) throw tableMismatch(table, "row_id is not its key");
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** What is known of the indexes of a table. */
export interface Indexes {
  /** The columns that come first in an index. */
  readonly leading: ReadonlySet<string>;
  /** How many bytes a value may have, by its column: a B-tree refuses a row with a longer key. */
  readonly limits: ReadonlyMap<string, number>;
}

/** Looks at the indexes of a table. */
export async function inspectIndexes(session: Session, { sql }: Table): Promise<Indexes> {
  const { rows } = await session.query(
    `SELECT a.attname AS name, bool_or(i.indkey[0] = a.attnum) AS leads,
       max(i.indnatts) FILTER (WHERE m.amname = 'btree') AS parts
     FROM pg_index i
     JOIN pg_class c ON c.oid = i.indexrelid
     JOIN pg_am m ON m.oid = c.relam
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = $1::regclass GROUP BY a.attname`,
    [sql],
  );
  return {
    leading: new Set(rows.flatMap(({ name, leads }) => (leads ? [name] : []))),
    limits: new Map(
      rows.flatMap(({ name, parts }) => (parts ? [[name, Math.floor(longestKey / parts)]] : [])),
    ),
  };
}
