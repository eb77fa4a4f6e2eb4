import { Buffer } from "node:buffer";
import {
  type ColumnValue,
  DecantError,
  escapeControls,
  formatTime,
  type Row,
  readColumns,
} from "@decant/core";
import { type ByteWriter, createByteWriter } from "./byte-writer.ts";
import { fitJsonb } from "./fit-jsonb.ts";
import type { ColumnType, Table, TableColumn } from "./plan-tables.ts";

/** Microseconds from 1970 to 2000, where PostgreSQL begins to count. */
const epoch = 946_684_800_000_000n;

/** What one key of a B-tree holds is 2,704 bytes, with what is around it. */
export const longestKey = 2_600;

interface EncodeOptions {
  readonly table: Table;
  readonly run: string;
}

/**
 * Encodes rows for a COPY into the columns of a table, in binary format: nothing to escape here and
 * little to parse there.
 *
 * Source: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 *
 * @throws {DecantError} `ROW_INVALID` for an id that can be no key.
 */
export function encodeRows(rows: readonly Row[], { table, run }: EncodeOptions): Uint8Array {
  const { promoted } = table;
  const columns = promoted.map(({ column }) => column);
  const out = createByteWriter(rows.reduce((sum, row) => sum + 2 * row.json.byteLength + 300, 0));
  const decoder = new TextDecoder();
  for (const row of rows) {
    out.int16(promoted.length + 4);
    out.text(checkId(row));
    encode(formatTime(row.time), "timestamp with time zone", out);
    const values = readColumns(decoder.decode(row.json), columns);
    for (const [index, column] of promoted.entries()) {
      encode(fitColumn(values[index], column), column.type, out);
    }
    out.bytes(row.json);
    out.text(run);
  }
  return out.taken();
}

function fitColumn(value: ColumnValue, { type, limit }: TableColumn): ColumnValue {
  if (typeof value !== "string") return value;
  if (type === "jsonb") return fitJsonb(value);
  return limit !== undefined && Buffer.byteLength(value) > limit ? undefined : value;
}

function encode(value: ColumnValue, type: ColumnType, out: ByteWriter): void {
  if (value === undefined) out.nothing();
  else if (type === "timestamp with time zone") out.int64(microsOf(String(value)) - epoch);
  else if (type === "bigint") out.int64(BigInt(value));
  else if (type === "double precision") out.float64(Number(value));
  else if (type === "boolean") out.bytes(Uint8Array.of(value ? 1 : 0));
  // The version of its binary format stands before the text.
  else out.text(type === "jsonb" ? `\x01${value}` : String(value));
}

/** @param time As `formatTime()` writes it: with six digits of a second. */
function microsOf(time: string): bigint {
  return BigInt(Date.parse(`${time.slice(0, 19)}Z`)) * 1000n + BigInt(time.slice(20, 26));
}

function checkId({ id }: Row): string {
  const state =
    id.includes("\0") || !id.isWellFormed()
      ? "its id holds what PostgreSQL cannot store"
      : Buffer.byteLength(id) > longestKey
        ? "its id is too long for a key"
        : undefined;
  if (state === undefined) return id;
  const shown = escapeControls(id.length > 100 ? `${id.slice(0, 100)}...` : id);
  throw new DecantError("ROW_INVALID", `Cannot write row "${shown}": ${state}`, {
    kind: "sink",
    hint: `Ids are text of at most ${longestKey} bytes, without NUL. Choose other members for the id.`,
  });
}
