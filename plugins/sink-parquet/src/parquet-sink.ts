import type { SinkPlugin } from "@decant/core";
import { openOutput } from "./open-output.ts";
import { readOutput } from "./read-output.ts";

/**
 * Writes Parquet files with a typed column for each column of the stream, and the exact bytes of
 * each row in the column `raw`.
 *
 * Each row is there once over any crash. One stream makes one file; several streams, runs that add
 * to earlier ones (`append`) and the option `partition` set to `day` make a folder. Files get their
 * names when they are whole. Options: `compression` (`zstd`, `snappy`, `gzip`, `none`), `partition`,
 * `row-group-rows`, `row-group-mb`.
 *
 * @example
 * ```ts
 * import { createRow } from "@decant/core";
 * import { parquetSink } from "@decant/sink-parquet";
 *
 * await using sink = await parquetSink.open({
 *   destination: "events.parquet",
 *   streams: [{ name: "events", columns: [{ name: "level", type: "text", paths: [["level"]] }] }],
 *   options: { compression: "zstd" },
 *   run: "first",
 *   force: false,
 * });
 * const json = new TextEncoder().encode('{"level":"error"}');
 * await sink.write("events", [createRow({ id: "web/1", json })]);
 * await sink.commit();
 * await sink.finish();
 * ```
 */
export const parquetSink: SinkPlugin = {
  resume: "rewind",
  streams: "many",
  open: openOutput,
  read: readOutput,
};
