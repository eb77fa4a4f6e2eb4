import { rm } from "node:fs/promises";
import { createRow, DecantError, type Row, type Sink } from "@decant/core";
import { stringify } from "ndjson";
import { partOf } from "./clear-place.ts";
import { ndjsonSink } from "./ndjson.ts";

const batchSize = 256;
const encoder = new TextEncoder();

/** How {@linkcode writeNdjsonObjects} writes. */
export interface WriteNdjsonObjectsOptions {
  /** Whether a file that is there already may be replaced. @default {false} */
  readonly force?: boolean;
  /** Ends the writing with its reason. The file gets its name only when it is whole. */
  readonly signal?: AbortSignal;
}

/**
 * Writes objects to a file as NDJSON, one a line, through {@linkcode ndjsonSink}: what ends in
 * `.gz` is compressed, and the file gets its name when it is whole. A part of an object that holds
 * itself is written as `[Circular]` by the ndjson package.
 *
 * @param path The file to write.
 * @param objects What to write.
 * @param options Whether to replace a file, and a signal.
 * @returns How many objects were written.
 *
 * @throws {DecantError} `OUTPUT_EXISTS` without `force`, `ROW_INVALID` for what is no object, and
 * what the sink throws.
 *
 * @example
 * ```ts
 * import { writeNdjsonObjects } from "@decant/sink";
 *
 * await writeNdjsonObjects("levels.ndjson", [{ level: "error" }, { level: "info" }]);
 * ```
 */
export async function writeNdjsonObjects(
  path: string,
  objects: Iterable<object> | AsyncIterable<object>,
  options: WriteNdjsonObjectsOptions = {},
): Promise<number> {
  const { force = false, signal } = options;
  const sink = await ndjsonSink.open({
    destination: path,
    streams: [{ name: "objects", columns: [] }],
    options: {},
    run: "objects",
    force,
    ...(signal && { signal }),
  });
  try {
    const count = await writeAllObjects(sink, objects, signal);
    await sink[Symbol.asyncDispose]();
    return count;
  } catch (error) {
    await sink[Symbol.asyncDispose]();
    // Nobody can resume it, as the objects are gone.
    await rm(partOf(path), { force: true });
    throw error;
  }
}

async function writeAllObjects(
  sink: Sink,
  objects: Iterable<object> | AsyncIterable<object>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const encode = createEncoder();
  let rows: Row[] = [];
  let count = 0;
  for await (const object of objects) {
    signal?.throwIfAborted();
    rows.push(createRow({ id: `${count}`, json: encode(object, count) }));
    count += 1;
    if (rows.length < batchSize) continue;
    await sink.write("objects", rows);
    rows = [];
  }
  await sink.write("objects", rows);
  await sink.commit();
  await sink.finish();
  return count;
}

/**
 * Takes one object at a time through ndjson: what that throws in the middle of a pipeline, such as
 * for a bigint, nobody could catch.
 */
function createEncoder(): (object: object, index: number) => Uint8Array {
  const stream = stringify();
  return (object, index) => {
    // A null would end the stream.
    if (object === null) throw invalid(index);
    let line: string;
    try {
      stream.write(object);
      line = stream.read().trimEnd();
    } catch (error) {
      throw invalid(index, error);
    }
    // What JSON cannot say, such as a function, becomes this word.
    if (line === "undefined") throw invalid(index);
    return encoder.encode(line);
  };
}

function invalid(index: number, cause?: unknown): DecantError {
  return new DecantError("ROW_INVALID", `Cannot write object ${index}: JSON cannot hold it`, {
    kind: "sink",
    hint: "Give plain objects, with big integers as text.",
    cause,
  });
}
