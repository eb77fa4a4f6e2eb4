import type { Column, ColumnValue } from "@decant/core";
import type { SchemaElement } from "hyparquet";

/** A column of the stream under the name that it has in the file. */
export interface FileColumn {
  readonly name: string;
  readonly type: Column["type"];
}

/** A value as Parquet stores it. */
export type Stored = string | bigint | number | boolean | Uint8Array | undefined;

/** The column with the bytes of the row. */
export const rawName = "raw";

const own = ["row_id", "row_time", rawName];

/**
 * Names the columns of a file: readers of Parquet do not tell upper from lower case, and a name may
 * be there once. What is taken gets `_` behind it.
 */
export function nameColumns(columns: readonly Column[]): FileColumn[] {
  const taken = new Set(own);
  return columns.map(({ name, type }) => {
    let free = name;
    while (taken.has(free.toLowerCase())) free += "_";
    taken.add(free.toLowerCase());
    return { name: free, type };
  });
}

/**
 * The schema of a file: `row_id`, `row_time`, the columns of the stream, and `raw`.
 *
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
export function schemaOf(columns: readonly FileColumn[]): SchemaElement[] {
  return [
    { name: "schema", num_children: columns.length + own.length },
    { ...elementOf({ name: "row_id", type: "text" }), repetition_type: "REQUIRED" },
    elementOf({ name: "row_time", type: "time" }),
    ...columns.map(elementOf),
    // Text, as any JSON has to be readable: see pairSurrogates().
    { ...elementOf({ name: rawName, type: "text" }), repetition_type: "REQUIRED" },
  ];
}

function elementOf({ name, type }: FileColumn): SchemaElement {
  return { name, repetition_type: "OPTIONAL", ...kinds[type] };
}

/** The older `converted_type` beside the newer `logical_type`: there are readers of either. */
const kinds: Readonly<Record<Column["type"], Partial<SchemaElement>>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  json: { type: "BYTE_ARRAY", converted_type: "JSON", logical_type: { type: "JSON" } },
  int: { type: "INT64" },
  float: { type: "DOUBLE" },
  bool: { type: "BOOLEAN" },
  time: {
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
  },
};

/** Turns what `readColumns()` gives into what Parquet stores. */
export function toStored(value: ColumnValue, type: Column["type"]): Stored {
  if (value === undefined) return undefined;
  if (type === "time") return toMicros(value as string);
  if (type === "json") return pairSurrogates(value as string);
  return type === "int" ? BigInt(value as number | bigint) : value;
}

/**
 * Puts U+FFFD for each half of a surrogate pair, as DuckDB reads nothing of a column of JSON where
 * one value has such a half. `JSON.stringify()` writes halves as escapes, and whole pairs never.
 */
function pairSurrogates(json: string): string {
  if (!json.includes("\\ud")) return json;
  return json.replaceAll(/\\(?:ud[89a-f][0-9a-f]{2}|.)/g, (found) =>
    found.startsWith("\\ud") ? "\ufffd" : found,
  );
}

/** @param time As `formatTime()` writes it, with six digits of a second. */
export function toMicros(time: string): bigint {
  const seconds = Date.parse(`${time.slice(0, 19)}Z`);
  return BigInt(seconds) * 1000n + BigInt(time.slice(20, 26));
}
