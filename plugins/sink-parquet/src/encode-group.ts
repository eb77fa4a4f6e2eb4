import { setImmediate as nextTurn } from "node:timers/promises";
import { type Column, formatTime, readColumns } from "@decant/core";
import type { SchemaElement } from "hyparquet";
import { ByteWriter, type ColumnSource, ParquetWriter } from "hyparquet-writer";
import { compressors } from "./codecs.ts";
import {
  type FileColumn,
  nameColumns,
  rawName,
  type Stored,
  schemaOf,
  toMicros,
  toStored,
} from "./parquet-columns.ts";
import type { Codec } from "./settings.ts";
import type { SpilledRow } from "./spilled-row.ts";

/** What a row group is made of. */
export interface GroupOptions {
  readonly rows: Iterable<SpilledRow>;
  readonly columns: readonly Column[];
  readonly codec: Codec;
  /** Where the row group will begin: how many bytes the file holds. */
  readonly start: number;
}

/** A row group. */
export interface Group {
  /** What to add to the file: the row group and its page indexes. */
  readonly bytes: Uint8Array;
  /** What the footer has to say of it: a footer of a file that had just this row group. */
  readonly footer: Uint8Array;
}

/** Bytes that begin and end each file: `PAR1`. */
export const magicBytes = 4;

/** After so many rows others get their turn: requests that run, a signal to stop. */
const rowsInOneGo = 500;

const decoder = new TextDecoder();

/** Turns rows into a row group. A value that does not fit its column is left out. */
export async function encodeGroup(options: GroupOptions): Promise<Group> {
  const { rows, columns, codec, start } = options;
  const named = nameColumns(columns);
  const writer = writerAt(start);
  const file = new ParquetWriter({ writer, schema: groupSchema(named), codec, compressors });
  const data = await toColumns(rows, { columns, named });
  file.write({ columnData: data, rowGroupSize: Math.max(1, data[0]!.data.length) });
  file.finish();
  const all = writer.getBytes();
  const footerBytes = new DataView(all.buffer, all.byteLength - 8).getUint32(0, true) + 8;
  return {
    // The writer begins with the magic, which the file has already behind its start.
    bytes: all.subarray(start === 0 ? 0 : magicBytes, all.byteLength - footerBytes),
    footer: all.slice(all.byteLength - footerBytes),
  };
}

/** A writer whose offsets are those of a file that holds so many bytes, once its magic is written. */
export function writerAt(start: number): ByteWriter {
  const writer = new ByteWriter(2 ** 20);
  writer.offset = Math.max(0, start - magicBytes);
  return writer;
}

/** JSON is text here: the writer would parse it and write it again. Numbers are what they are. */
function groupSchema(columns: readonly FileColumn[]): SchemaElement[] {
  return schemaOf(columns).map(({ converted_type, logical_type, ...element }) => {
    const text = element.type === "BYTE_ARRAY" && element.name !== rawName;
    return text ? { ...element, converted_type: "UTF8" } : element;
  });
}

interface Shape {
  readonly columns: readonly Column[];
  readonly named: readonly FileColumn[];
}

async function toColumns(
  rows: Iterable<SpilledRow>,
  { columns, named }: Shape,
): Promise<ColumnSource[]> {
  const ids: string[] = [];
  const times: Stored[] = [];
  const raws: Uint8Array[] = [];
  const values: Stored[][] = columns.map(() => []);
  for (const { id, time, json } of rows) {
    if (ids.length % rowsInOneGo === 0) await nextTurn();
    ids.push(id);
    const moment = formatTime(time);
    times.push(moment === undefined ? undefined : toMicros(moment));
    raws.push(json);
    for (const [index, value] of readColumns(decoder.decode(json), columns).entries()) {
      values[index]!.push(toStored(value, columns[index]!.type));
    }
  }
  return [
    { name: "row_id", data: ids },
    // Pages are told apart by time, so that readers can skip those out of their range.
    { name: "row_time", data: times, columnIndex: true },
    ...named.map(({ name, type }, index) => ({
      name,
      data: values[index]!,
      columnIndex: type === "time" || type === "int",
      // The bounds of JSON text are of no use, and the writer would keep them whole.
      statistics: type !== "json",
    })),
    { name: rawName, data: raws, statistics: false, encoding: "PLAIN" },
  ];
}
