import { DecantError } from "@decant/core";
import type { VerifyOptions } from "./verify-export.ts";

/** Rows as a sink gives them back. */
interface Page {
  /** Absent: the sink does not tell. */
  readonly stream?: string;
  readonly json: readonly Uint8Array[];
}

/**
 * Reads the rows that a run wrote, each with its stream if that can be told.
 *
 * @throws {DecantError} `SINK_UNREADABLE`.
 */
export async function* readOutput({
  manifest,
  sink,
  signal,
  ...options
}: VerifyOptions): AsyncGenerator<Page> {
  const { name, options: sinkOptions } = manifest.job.sink;
  const destination = options.destination ?? manifest.job.sink.destination;
  if (!sink.read) {
    const what = `Cannot verify "${destination}": sink "${name}" keeps nothing to read`;
    throw new DecantError("SINK_UNREADABLE", what, { kind: "usage" });
  }
  const names = Object.keys(manifest.streams);
  const pages = sink.read({
    destination,
    options: sinkOptions,
    run: manifest.run,
    streams: names.map((stream) => ({ name: stream, columns: [] })),
    ...(signal && { signal }),
  });
  const only = names.length === 1 ? names[0] : undefined;
  for await (const { json, stream = only } of pages) {
    signal?.throwIfAborted();
    yield { json, ...(stream !== undefined && { stream }) };
  }
}
