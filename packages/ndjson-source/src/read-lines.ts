import { concatBytes } from "@decant/core";

/** One line, without its line feed. */
export interface Line {
  readonly bytes: Uint8Array;
  /** Where the next line begins, counted from the first chunk. */
  readonly next: number;
}

/** How {@linkcode readLines} reads. */
export interface ReadLinesOptions {
  readonly maxBytes: number;
  /** Makes the error for a line that is longer, which is thrown before all of it is in memory. */
  tooLong(): Error;
}

/** Splits chunks into lines. The last may have no line feed. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes, tooLong }: ReadLinesOptions,
): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let next = 0;

  function take(piece: Uint8Array): void {
    length += piece.byteLength;
    if (length > maxBytes) throw tooLong();
    pieces.push(piece);
  }

  function finish(feed: number): Line {
    const bytes = concatBytes(pieces);
    next += length + feed;
    pieces = [];
    length = 0;
    return { bytes, next };
  }

  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, at));
      from = at + 1;
      yield finish(1);
    }
    if (from < chunk.byteLength) take(chunk.subarray(from));
  }
  if (length > 0) yield finish(0);
}
