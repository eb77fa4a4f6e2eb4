import type { Row } from "@decant/core";

/** A row as it waits for its row group. */
export type SpilledRow = Pick<Row, "id" | "time" | "json">;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const headBytes = 12;

/**
 * Writes a row for {@linkcode decodeRows}: the lengths of id, time and JSON in four bytes each, then
 * the three. A row without a time has one of no length.
 */
export function encodeRow({ id, time = "", json }: SpilledRow): Uint8Array[] {
  const parts = [encoder.encode(id), encoder.encode(time), json];
  const head = new DataView(new ArrayBuffer(headBytes));
  for (const [index, { byteLength }] of parts.entries()) head.setUint32(index * 4, byteLength);
  return [new Uint8Array(head.buffer), ...parts];
}

/** Reads what {@linkcode encodeRow} wrote. The bytes of rows are views, not copies. */
export function* decodeRows(bytes: Uint8Array): Generator<SpilledRow> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.byteLength; ) {
    const idEnd = at + headBytes + view.getUint32(at);
    const timeEnd = idEnd + view.getUint32(at + 4);
    const end = timeEnd + view.getUint32(at + 8);
    const id = decoder.decode(bytes.subarray(at + headBytes, idEnd));
    const time = decoder.decode(bytes.subarray(idEnd, timeEnd));
    yield { id, ...(time !== "" && { time }), json: bytes.subarray(timeEnd, end) };
    at = end;
  }
}
