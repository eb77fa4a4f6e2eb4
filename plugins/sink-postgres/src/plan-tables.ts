import { type Column, DecantError, type OptionValue, type Stream } from "@decant/core";
import { fitIdentifier, quoteIdentifier } from "./identifier.ts";

type Options = Readonly<Record<string, OptionValue>>;

/** A column of the stream, as it is made. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly column: Column;
  /** How many bytes a value has at most, as an index holds no more. Absent: any. */
  readonly limit?: number;
}

export type ColumnType =
  | "text"
  | "bigint"
  | "double precision"
  | "boolean"
  | "timestamp with time zone"
  | "jsonb";

/** The table of one stream: `row_id`, `row_time`, the columns of the stream, `raw` and `run`. */
export interface Table {
  readonly stream: string;
  readonly schema: string;
  readonly name: string;
  /** Schema and name, quoted. */
  readonly sql: string;
  readonly promoted: readonly TableColumn[];
  /** The type of `raw`: what keeps each byte, and takes operators for JSON if it can. */
  readonly rawType: "json" | "text";
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

/** Columns that every table of PostgreSQL has, hidden, and those of this sink. */
const taken = "tableoid,xmin,cmin,xmax,cmax,ctid,row_id,row_time,raw,run".split(",");

/**
 * Decides which table and which columns each stream gets.
 *
 * @throws {DecantError} `OPTION_INVALID` when two streams would share a table.
 */
export function planTables(streams: readonly Stream[], options: Options): Table[] {
  const { table: only } = options;
  if (only && streams.length > 1) {
    throw clash(`put all into the table "${only}"`, "there are several streams");
  }
  checkIndexes(streams, options);
  const owners = new Map([[runsTable, "the book of runs"]]);
  return streams.map((stream) => {
    const table = planTable(stream, options);
    const owner = owners.get(table.name);
    if (owner) throw clash(`put "${stream.name}" into "${table.name}"`, `it is that of ${owner}`);
    owners.set(table.name, `"${stream.name}"`);
    return table;
  });
}

/** The columns that get an index because the user says so. */
export function indexedColumns({ index }: Options): readonly string[] {
  return (index as readonly string[] | undefined) ?? [];
}

function checkIndexes(streams: readonly Stream[], options: Options): void {
  const names = new Set(streams.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const odd = indexedColumns(options).find((name) => !names.has(name));
  if (odd === undefined) return;
  throw new DecantError("OPTION_INVALID", `Cannot index "${odd}": no stream has such a column`, {
    kind: "usage",
    hint: `There are ${[...names].join(", ")}.`,
  });
}

/** The name of a stream's table. Dashes would have to be quoted in every query. */
export function tableName(stream: string, { table, prefix = "" }: Options): string {
  return fitIdentifier(String(table || `${prefix}${stream.replaceAll("-", "_")}`));
}

/** The schema of all tables. */
export function schemaName({ schema }: Options): string {
  return fitIdentifier(String(schema || "public"));
}

/** A name with its schema, quoted. */
export function qualify(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

function planTable({ name: stream, columns }: Stream, options: Options): Table {
  const name = tableName(stream, options);
  const schema = schemaName(options);
  const used = new Set(taken);
  const promoted = columns.map((column) => {
    let free = fitIdentifier(column.name);
    while (used.has(free)) free = fitIdentifier(`${free}_`);
    used.add(free);
    return { name: free, type: types[column.type], column };
  });
  return { stream, schema, name, sql: qualify(schema, name), promoted, rawType: "json" };
}

function clash(action: string, state: string): DecantError {
  return new DecantError("OPTION_INVALID", `Cannot ${action}: ${state}`, {
    kind: "usage",
    hint: "Name what the tables begin with by the option `prefix`, or export one stream at a time.",
  });
}
