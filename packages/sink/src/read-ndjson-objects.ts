import { pipeline, Readable } from "node:stream";
import { concatBytes, DecantError, isDecantError } from "@decant/core";
import { parse } from "ndjson";
import { ndjsonSink } from "./ndjson.ts";

/**
 * Reads the values of an NDJSON file, also of a compressed one, in constant memory. For those who
 * want values: parsing loses integers above 2^53 and the exact text, which `ndjsonSink.read` keeps.
 *
 * @param path The file. What ends in `.gz` is decompressed.
 * @param options May hold a signal that ends the reading with its reason.
 * @returns One value a line.
 *
 * @throws {DecantError} `OUTPUT_MISSING`, `OUTPUT_UNREADABLE`, or `OUTPUT_MALFORMED` when a line is
 * not JSON, is `null`, or the file is cut off.
 *
 * @example
 * ```ts
 * import { readNdjsonObjects } from "@decant/sink";
 *
 * for await (const event of readNdjsonObjects("events.ndjson.gz")) console.log(event);
 * ```
 */
export async function* readNdjsonObjects(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<unknown> {
  let rows = 0;
  let values = 0;

  async function* readLines(): AsyncGenerator<Uint8Array> {
    for await (const { json } of ndjsonSink.read!({ destination: path, options: {}, ...options })) {
      rows += json.length;
      yield concatBytes(json.flatMap((row) => [row, newline]));
    }
  }

  // What goes wrong in one of the streams is thrown by the last.
  const stream = pipeline(Readable.from(readLines()), parse(), () => {});
  try {
    for await (const value of stream as AsyncIterable<unknown>) {
      yield value;
      values += 1;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    // The message of ndjson quotes the row, which may hold anything.
    throw isDecantError(error) ? error : malformed(path);
  }
  // A null ends a stream of objects as if there were nothing more.
  if (values < rows) throw malformed(path);
}

const newline = new TextEncoder().encode("\n");

function malformed(path: string): DecantError {
  return new DecantError("OUTPUT_MALFORMED", `Cannot read "${path}": a row is null or not JSON`, {
    kind: "verify",
    hint: "Restore the file, or export it again.",
  });
}
