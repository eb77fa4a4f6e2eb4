import { concatBytes } from "@decant/core";

const pieceSize = 1 << 20;

/**
 * Joins small parts to pieces of up to 1 MiB, for writers that pay by the call. A larger part
 * passes as it is.
 */
export function* joinParts(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let from = 0;
  let size = 0;
  for (const [index, part] of parts.entries()) {
    if (size > 0 && size + part.byteLength > pieceSize) {
      yield concatBytes(parts.slice(from, index));
      from = index;
      size = 0;
    }
    size += part.byteLength;
  }
  if (size > 0) yield concatBytes(parts.slice(from));
}
