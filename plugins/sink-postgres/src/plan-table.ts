import { type Column, DecantError, type OptionValue, type Stream } from "@decant/core";
import { fitIdentifier, quoteIdentifier } from "./identifier.ts";

/** A column as it is made. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Where the value lies in a row. Absent: it is one of the sink's own. */
  readonly paths?: Column["paths"];
}

export type ColumnType =
  | "text"
  | "bigint"
  | "double precision"
  | "boolean"
  | "timestamp with time zone"
  | "jsonb"
  | "json";

/** The table of one stream. */
export interface Table {
  readonly stream: string;
  readonly schema: string;
  readonly name: string;
  /** Schema and name, quoted. */
  readonly sql: string;
  readonly columns: readonly TableColumn[];
}

/** Where the book of runs lies, beside the tables. */
export const runsTable = "decant_runs";

const types: Readonly<Record<Column["type"], ColumnType>> = {
  text: "text",
  int: "bigint",
  float: "double precision",
  bool: "boolean",
  time: "timestamp with time zone",
  json: "jsonb",
};

/** Columns that every table of PostgreSQL has, hidden. */
const systemColumns = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/**
 * Decides which table and which columns each stream gets.
 *
 * @throws {DecantError} `OPTION_INVALID` when two streams would share a table.
 */
export function planTables(
  streams: readonly Stream[],
  options: Readonly<Record<string, OptionValue>>,
): Table[] {
  const tables = streams.map((stream) => planTable(stream, options));
  const owners = new Map<string, string>([[runsTable, "the book of runs"]]);
  const { table } = options;
  if (table !== undefined && streams.length > 1) {
    throw clash(`name the table "${table}"`, "several streams would share it");
  }
  for (const { name, stream } of tables) {
    const owner = owners.get(name);
    if (owner) throw clash(`put "${stream}" into "${name}"`, `that is the table of "${owner}"`);
    owners.set(name, stream);
  }
  return tables;
}

function clash(action: string, state: string): DecantError {
  return new DecantError("OPTION_INVALID", `Cannot ${action}: ${state}`, {
    kind: "usage",
    hint: "Use the option `prefix`, or export one stream at a time with the option `table`.",
  });
}

/** The name of a stream's table. */
export function tableName(stream: string, options: Readonly<Record<string, OptionValue>>): string {
  const { table, prefix = "" } = options;
  return fitIdentifier(String(table ?? `${prefix}${stream.replaceAll("-", "_")}`));
}

/** The schema of all tables. */
export function schemaName({ schema }: Readonly<Record<string, OptionValue>>): string {
  return fitIdentifier(String(schema ?? "public"));
}

function planTable(stream: Stream, options: Readonly<Record<string, OptionValue>>): Table {
  const name = tableName(stream.name, options);
  const schema = schemaName(options);
  const taken = new Set([...systemColumns, "row_id", "row_time", "raw", "run"]);
  const promoted = stream.columns.map((column): TableColumn => {
    let free = fitIdentifier(column.name);
    while (taken.has(free)) free = fitIdentifier(`${free}_`);
    taken.add(free);
    return { name: free, type: types[column.type], paths: column.paths };
  });
  return {
    stream: stream.name,
    schema,
    name,
    sql: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
    columns: [
      { name: "row_id", type: "text" },
      { name: "row_time", type: "timestamp with time zone" },
      ...promoted,
      { name: "raw", type: "json" },
      { name: "run", type: "text" },
    ],
  };
}
