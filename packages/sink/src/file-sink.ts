import { stat } from "node:fs/promises";
import type { Sink, SinkOpenOptions, SinkPlugin, SinkReadOptions } from "@decant/core";
import type { FileFormat } from "./file-format.ts";
import { openFolder } from "./folder-sink.ts";
import { guardSink } from "./guard-sink.ts";
import { isGzip } from "./is-gzip.ts";
import { openTarget } from "./open-target.ts";
import { readFolder } from "./read-folder.ts";
import { readRows } from "./read-rows.ts";
import { createRowWriter } from "./row-writer.ts";

/**
 * Makes a sink of files from a format. It writes one file, or a folder with one a stream; it goes back
 * to byte offsets, compresses with the option `gzip` or a name that ends in `.gz`, and gives a file
 * its name when it is whole.
 *
 * @param format How rows are written and read back.
 * @returns The sink, which resumes by `rewind` and takes many streams.
 *
 * @example
 * ```ts
 * import { createFileSink } from "@decant/sink/file-output";
 *
 * const encoder = new TextEncoder();
 * const nothing = new Uint8Array();
 *
 * // JSON text sequences (RFC 7464): a record separator before each row.
 * const sequences = createFileSink({
 *   extension: ".json-seq",
 *   frame: () => ({
 *     head: nothing,
 *     parts: (rows) =>
 *       rows.flatMap(({ json }) => [encoder.encode("\x1e"), json, encoder.encode("\n")]),
 *     tail: () => nothing,
 *   }),
 *   unframe: () => ({
 *     line: (bytes) => (bytes[0] === 0x1e ? bytes.subarray(1) : "malformed"),
 *     ended: () => true,
 *   }),
 * });
 *
 * sequences.resume; // rewind
 * ```
 */
export function createFileSink(format: FileFormat): SinkPlugin {
  return {
    resume: "rewind",
    streams: "many",
    async open(options) {
      options.signal?.throwIfAborted();
      const several = options.streams.length > 1 || options.append === true;
      const sink = await (several ? openFolder : openFile)(options, format);
      return guardSink(sink, options.destination);
    },
    read: (options) => read(options, format),
  };
}

/** What may be opened for no stream gets no rows. */
const noStream = { name: "rows", columns: [] };

async function openFile(options: SinkOpenOptions, format: FileFormat): Promise<Sink> {
  const frame = format.frame(options.streams[0] ?? noStream, options.options);
  const target = await openTarget(options, frame);
  const writeRows = createRowWriter(target, frame);
  return {
    write: (_stream, rows) => writeRows(rows),
    commit: () => target.commit(),
    finish: () => target.finish(),
    async [Symbol.asyncDispose]() {
      await target[Symbol.asyncDispose]();
    },
  };
}

async function* read(
  options: SinkReadOptions,
  format: FileFormat,
): AsyncGenerator<{ stream?: string; json: Uint8Array[] }> {
  const { destination, signal } = options;
  // What cannot be looked at cannot be read either, and that says why.
  const found = destination === "-" ? undefined : await stat(destination).catch(() => undefined);
  if (found?.isDirectory()) {
    yield* readFolder(options, format);
    return;
  }
  const compressed = isGzip(destination, options.options["gzip"]);
  const unframe = format.unframe(options.options);
  yield* readRows(destination, { unframe, compressed, signal });
}
