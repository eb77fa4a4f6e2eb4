import {
  type Column,
  DecantError,
  type OptionValue,
  type SinkOpenOptions,
  type Stream,
} from "@decant/core";
import { fold, quote } from "./connect.ts";

/** A column as it is declared. */
interface TableColumn {
  readonly name: string;
  readonly type: string;
}

/** The table of a stream. */
export interface Table {
  readonly stream: string;
  readonly name: string;
  /** What its columns in the middle are read from. */
  readonly source: readonly Column[];
  readonly columns: readonly TableColumn[];
  /** The names of columns that get an index. */
  readonly indexed: readonly string[];
}

/** What every table has, whatever its stream. */
const first: readonly TableColumn[] = [
  { name: "row_id", type: "TEXT NOT NULL PRIMARY KEY" },
  { name: "row_time", type: "TEXT" },
];
const last: readonly TableColumn[] = [
  { name: "run", type: "TEXT NOT NULL" },
  { name: "raw", type: "TEXT NOT NULL" },
];

/** The names of columns that hold no value of the stream. */
export const ownColumns: readonly string[] = [...first, ...last].map(({ name }) => name);

/** As these SQLite knows the number of a row, unless a column has the name. */
const numberColumns = ["rowid", "_rowid_", "oid"];

/** Old tools can read these, which they could not in a STRICT table. */
const types: Readonly<Record<Column["type"], string>> = {
  text: "TEXT",
  int: "INTEGER",
  float: "REAL",
  bool: "BOOLEAN",
  time: "TEXT",
  json: "TEXT",
};

/**
 * Says which table each stream gets: what it is named, its columns and indexes.
 *
 * @throws {DecantError} `OUTPUT_INVALID` for streams that no table can be named after,
 * `OPTION_INVALID` for a prefix or an index that cannot be.
 */
export function planTables({ streams, options }: SinkOpenOptions): ReadonlyMap<string, Table> {
  const { prefix = "", index } = options;
  if (!/^([a-z_][a-z0-9_]*)?$/i.test(String(prefix))) {
    throw wrongOption(
      `Cannot use the prefix "${prefix}": it is malformed`,
      "Use letters, digits and underscores, and begin with no digit.",
    );
  }
  const wanted = namesIn(index);
  const tables = new Map<string, Table>();
  for (const stream of streams) tables.set(stream.name, planTable(stream, { prefix, wanted }));
  checkNames([...tables.values()]);
  const known = new Set([...tables.values()].flatMap(({ indexed }) => indexed));
  const unknown = wanted?.find((name) => !known.has(name));
  if (unknown === undefined) return tables;
  const names = [...tables.values()].flatMap(({ columns }) => columns.map(({ name }) => name));
  throw wrongOption(
    `Cannot index "${unknown}": no table has such a column`,
    `The columns are: ${[...new Set(names)].filter((name) => name !== "raw").join(", ")}.`,
  );
}

/** Several names may be in one value, with commas between them. */
function namesIn(values: OptionValue): readonly string[] | undefined {
  if (!Array.isArray(values)) return undefined;
  const names = values.flatMap((value) => String(value).split(",")).map((name) => name.trim());
  return names.some(Boolean) ? names.filter(Boolean) : undefined;
}

interface PlanOptions {
  readonly prefix: unknown;
  readonly wanted: readonly string[] | undefined;
}

function planTable(stream: Stream, { prefix, wanted }: PlanOptions): Table {
  const names = nameColumns(stream.columns);
  const columns = [
    ...first,
    ...stream.columns.map(({ type }, at) => ({ name: names[at]!, type: types[type] })),
    ...last,
  ];
  const chosen = wanted ?? shown(stream);
  const indexed = columns
    .map(({ name }) => name)
    .filter((name) => name === "row_time" || (chosen.includes(name) && name !== "row_id"));
  const name = `${prefix}${stream.name.replaceAll("-", "_")}`;
  return { stream: stream.name, name, source: stream.columns, columns, indexed };
}

/** What people filter by: what a stream shows of a row first, besides its title. */
function shown({ display }: Stream): readonly string[] {
  const lists = [display?.level, display?.where, display?.user];
  return lists.flatMap((names) => names?.slice(0, 1) ?? []);
}

/** To SQLite, `A` and `a` are one name. A stream's column that has one of ours gets a line behind it. */
function nameColumns(columns: readonly Column[]): string[] {
  const taken = new Set([...ownColumns, ...numberColumns]);
  return columns.map(({ name: plain }) => {
    let name = plain;
    while (taken.has(fold(name))) name += "_";
    taken.add(fold(name));
    return name;
  });
}

function checkNames(tables: readonly Table[]): void {
  const taken = new Map<string, string>();
  for (const { stream, name } of tables) {
    const other = taken.get(fold(name));
    taken.set(fold(name), stream);
    const state =
      name === "" || /^(sqlite_|_decant_)|\0/i.test(name)
        ? "such names are reserved"
        : other !== undefined && `"${other}" has the same`;
    if (!state) continue;
    throw new DecantError("OUTPUT_INVALID", `Cannot name a table after "${stream}": ${state}`, {
      kind: "usage",
      hint: "Export that stream alone, or put something before its name with --sqlite-prefix.",
    });
  }
}

/** @returns The SQL that puts a row in, or in the place of the one with its id. */
export function insertSql({ name, columns }: Table): string {
  const names = columns.map((column) => quote(column.name));
  const updates = names.slice(1).map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${quote(name)} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})
    ON CONFLICT (row_id) DO UPDATE SET ${updates.join(", ")}`;
}

function wrongOption(message: string, hint: string): DecantError {
  return new DecantError("OPTION_INVALID", message, { kind: "usage", hint });
}
