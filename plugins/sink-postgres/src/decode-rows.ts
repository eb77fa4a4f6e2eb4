import { Buffer } from "node:buffer";
import { copyHeader } from "./copy-format.ts";

/** The header, and the length of an extension that nobody uses yet. */
const headerLength = copyHeader.byteLength;

/**
 * Reads the single column of a COPY in binary format, however its bytes are cut.
 *
 * @returns Pages of values.
 */
export async function* decodeRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let needed = headerLength;
  let begun = false;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.byteLength;
    if (size < needed) continue;
    const bytes = Buffer.concat(parts, size);
    const { values, end, more } = takeValues(bytes, begun ? 0 : headerLength);
    begun = true;
    parts = [bytes.subarray(end)];
    size = bytes.byteLength - end;
    needed = size + more;
    if (values.length > 0) yield values;
  }
}

interface Taken {
  readonly values: Uint8Array[];
  /** Where the first value begins that is not whole. */
  readonly end: number;
  /** How many bytes are missing at least. */
  readonly more: number;
}

function takeValues(bytes: Buffer, start: number): Taken {
  const values: Uint8Array[] = [];
  let at = start;
  for (;;) {
    // A count of fields, 1 or -1 at the end, and the length of the one field.
    if (bytes.byteLength < at + 6) return { values, end: at, more: 1 };
    const length = bytes.readInt32BE(at + 2);
    const missing = at + 6 + length - bytes.byteLength;
    if (missing > 0) return { values, end: at, more: missing };
    values.push(bytes.subarray(at + 6, at + 6 + length));
    at += 6 + length;
  }
}
