import { Buffer } from "node:buffer";
import { DecantError, pickPath, type Row } from "@decant/core";
import { type Fitted, fitValue, isStorable } from "./fit-value.ts";
import { parseExact } from "./parse-exact.ts";
import { parseTime } from "./parse-time.ts";
import type { ColumnType, Table } from "./plan-table.ts";

/**
 * What stands before and behind the rows of a COPY in binary format.
 *
 * Source: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 */
export const copyHeader: Uint8Array = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
export const copyTrailer: Uint8Array = Buffer.from([0xff, 0xff]);

/** An index of a B-tree holds 2,704 bytes a key. */
const longestId = 2_600;

/** Microseconds from 1970 to 2000, where PostgreSQL begins to count. */
const epoch = 946_684_800_000_000n;

/** Encodes rows for a COPY into the columns of a table, in binary format: no text to escape, none to parse. */
export function encodeRows(
  rows: readonly Row[],
  { table, run }: { readonly table: Table; readonly run: string },
): Uint8Array {
  const out = createBytes(rows.reduce((sum, row) => sum + 2 * row.json.byteLength + 200, 0));
  for (const row of rows) {
    checkId(row);
    const value = parseExact(row.json);
    out.int16(table.columns.length);
    for (const { name, type, paths } of table.columns) {
      if (paths) encode(fitValue(pickPath(value, paths), type), type, out);
      else if (name === "raw") out.bytes(row.json);
      else if (name === "row_id") out.text(row.id);
      else if (name === "run") out.text(run);
      else encode(parseTime(row.time), type, out);
    }
  }
  return out.taken();
}

function encode(value: Fitted | undefined, type: ColumnType, out: Bytes): void {
  if (value === undefined) out.nothing();
  else if (type === "timestamp with time zone") out.int64((value as bigint) - epoch);
  else if (type === "bigint") out.int64(value as bigint);
  else if (type === "double precision") out.float64(value as number);
  else if (type === "boolean") out.bytes(Uint8Array.of(value ? 1 : 0));
  // Version 1 of its binary format stands before the text.
  else out.text(type === "jsonb" ? `\x01${value}` : (value as string));
}

function checkId({ id }: Row): void {
  const state = !isStorable(id)
    ? "its id holds what PostgreSQL cannot store"
    : Buffer.byteLength(id) > longestId
      ? "its id is too long for a key"
      : undefined;
  if (state === undefined) return;
  const shown = id.length > 100 ? `${id.slice(0, 100)}...` : id;
  throw new DecantError("ROW_INVALID", `Cannot write row "${shown}": ${state}`, {
    kind: "sink",
    hint: `Ids are at most ${longestId} bytes of text without NUL. Choose other members for the id.`,
  });
}

/** Bytes that grow. */
interface Bytes {
  int16(value: number): void;
  int64(value: bigint): void;
  float64(value: number): void;
  text(value: string): void;
  bytes(value: Uint8Array): void;
  nothing(): void;
  taken(): Uint8Array;
}

function createBytes(size: number): Bytes {
  let buffer = Buffer.allocUnsafe(Math.max(size, 1024));
  let at = 0;

  function reserve(length: number): void {
    if (at + length <= buffer.byteLength) return;
    const larger = Buffer.allocUnsafe(Math.max(at + length, 2 * buffer.byteLength));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  function lengthOf(length: number): void {
    reserve(length + 4);
    at = buffer.writeInt32BE(length, at);
  }

  return {
    int16(value) {
      reserve(2);
      at = buffer.writeInt16BE(value, at);
    },
    int64(value) {
      lengthOf(8);
      at = buffer.writeBigInt64BE(value, at);
    },
    float64(value) {
      lengthOf(8);
      at = buffer.writeDoubleBE(value, at);
    },
    text(value) {
      const length = Buffer.byteLength(value);
      lengthOf(length);
      at += buffer.write(value, at, length, "utf8");
    },
    bytes(value) {
      lengthOf(value.byteLength);
      buffer.set(value, at);
      at += value.byteLength;
    },
    nothing() {
      reserve(4);
      at = buffer.writeInt32BE(-1, at);
    },
    taken: () => buffer.subarray(0, at),
  };
}
