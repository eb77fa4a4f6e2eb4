import { stat } from "node:fs/promises";
import type { Sink, SinkOpenOptions, SinkPlugin, SinkReadOptions } from "@decant/core";
import { openFolder } from "./folder-sink.ts";
import type { Format } from "./format.ts";
import { guardSink } from "./guard-sink.ts";
import { isGzip } from "./is-gzip.ts";
import { openTarget } from "./open-target.ts";
import { readFolder } from "./read-folder.ts";
import { readRows } from "./read-rows.ts";
import { createRowWriter } from "./row-writer.ts";

/** Makes a sink of files that go back to byte offsets: one file, or a folder with one a stream. */
export function createFileSink(format: Format): SinkPlugin {
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

async function openFile(options: SinkOpenOptions, format: Format): Promise<Sink> {
  const target = await openTarget(options, format.tail);
  const writeRows = createRowWriter(target, format);
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
  format: Format,
): AsyncGenerator<{ stream?: string; json: Uint8Array[] }> {
  const { destination, signal } = options;
  // What cannot be looked at cannot be read either, and that says why.
  const found = destination === "-" ? undefined : await stat(destination).catch(() => undefined);
  if (found?.isDirectory()) {
    yield* readFolder(options, format);
    return;
  }
  const compressed = isGzip(destination, options.options["gzip"]);
  yield* readRows(destination, { unframe: format.unframe, compressed, signal });
}
