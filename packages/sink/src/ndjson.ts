import type { SinkPlugin } from "@decant/core";
import { createFileSink } from "./file-sink.ts";

const nothing = new Uint8Array();
const newline = new TextEncoder().encode("\n");

/**
 * Writes one JSON value a line: NDJSON, also known as JSON Lines. Rows pass as the bytes they are.
 *
 * A destination that ends in `.gz` is compressed, as with the option `gzip`; `-` goes to the host's
 * output, and folders that are missing are made. Until it is finished a file is named
 * `<destination>.part`. Opened for several streams, or to `append`, the destination is a folder with
 * one file for each stream that has rows: `<stream>.ndjson`, or `<stream>-<run>.ndjson`.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import { ndjsonSink } from "@decant/sink";
 *
 * await using sink = await ndjsonSink.open({
 *   destination: "events.ndjson.gz",
 *   streams: [{ name: "events", columns: [] }],
 *   options: {},
 *   run: "first",
 *   force: false,
 * });
 * const json = new TextEncoder().encode('{"level":"error"}');
 * await sink.write("events", [createRow({ id: "1", json })]);
 * await sink.commit();
 * await sink.finish();
 * ```
 */
export const ndjsonSink: SinkPlugin = createFileSink({
  extension: ".ndjson",
  frame: () => ({
    head: nothing,
    parts: (rows) => rows.flatMap(({ json }) => [json, newline]),
    tail: () => nothing,
  }),
  unframe: () => ({ line: (bytes) => bytes, ended: () => true }),
});

export default ndjsonSink;
