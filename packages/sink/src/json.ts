import type { SinkPlugin } from "@decant/core";
import type { Unframe } from "./file-format.ts";
import { createFileSink } from "./file-sink.ts";

const encoder = new TextEncoder();
const start = encoder.encode("[\n");
const between = encoder.encode(",\n");
const end = encoder.encode("\n]\n");
const emptyArray = encoder.encode("[]\n");

/**
 * Writes one JSON array, one row a line, that is valid once it is finished. Rows pass as the bytes
 * they are; the closing bracket is written by `finish()`.
 *
 * A destination that ends in `.gz` is compressed, as with the option `gzip`; `-` goes to the host's
 * output, and folders that are missing are made. Until it is finished a file is named
 * `<destination>.part`. Opened for several streams, or to `append`, the destination is a folder with
 * one file for each stream that has rows: `<stream>.json`, or `<stream>-<run>.json`.
 *
 * @example
 * ```ts
 * import { jsonSink } from "@decant/sink";
 *
 * async function countRows(destination: string): Promise<number> {
 *   let rows = 0;
 *   for await (const { json } of jsonSink.read!({ destination, options: {} })) rows += json.length;
 *   return rows;
 * }
 * ```
 */
export const jsonSink: SinkPlugin = createFileSink({
  extension: ".json",
  frame: () => ({
    head: start,
    parts: (rows, empty) =>
      rows.flatMap(({ json }, index) => (empty && index === 0 ? [json] : [between, json])),
    tail: (empty) => (empty ? emptyArray : end),
  }),
  unframe,
});

export default jsonSink;

const comma = 0x2c;

/** Knows just what the sink writes: a row with a comma is followed by another, one without by `]`. */
function unframe(): Unframe {
  let expected: "[" | "row" | "]" | "end" = "[";
  return {
    line(bytes) {
      const text = bytes.byteLength <= 2 ? String.fromCharCode(...bytes) : "";
      if (expected === "row") {
        if (bytes.at(-1) === comma) return bytes.subarray(0, -1);
        expected = "]";
        return bytes;
      }
      if (expected === "[" && text === "[") expected = "row";
      else if (expected === "[" && text === "[]") expected = "end";
      else if (expected === "]" && text === "]") expected = "end";
      else return "malformed";
      return undefined;
    },
    ended: () => expected === "end",
  };
}
