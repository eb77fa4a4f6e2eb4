import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { SinkReadOptions } from "@decant/core";
import { findOutputs } from "./find-outputs.ts";
import type { OutputFile } from "./layout.ts";
import { missing, readError, readRows } from "./read-rows.ts";

/**
 * Reads the rows of an output back: a file, or a folder of files.
 *
 * @throws {DecantError} of kind `verify` where that cannot be.
 */
export async function* readOutput(
  options: SinkReadOptions,
): AsyncGenerator<{ stream?: string; json: Uint8Array[] }> {
  const { destination, signal } = options;
  signal?.throwIfAborted();
  const found = await stat(destination).catch((error: unknown) => {
    throw readError(destination, error);
  });
  if (!found.isDirectory()) {
    yield* readRows(destination, { signal });
    return;
  }
  for (const { path } of await chooseFiles(options)) {
    yield* readRows(join(destination, path), { signal });
  }
}

/** The files of the run; it did not add to others if there are none with its name. */
async function chooseFiles({ destination, run, streams }: SinkReadOptions): Promise<OutputFile[]> {
  const { files, unfinished } = await findOutputs(destination).catch((error: unknown) => {
    throw readError(destination, error);
  });
  if (unfinished.some((other) => run === undefined || other === true || other === run)) {
    throw missing(destination, "it is not finished");
  }
  const names = streams && new Set(streams.map(({ name }) => name));
  const wanted = files.filter(({ stream }) => stream === undefined || (names?.has(stream) ?? true));
  if (run === undefined) return wanted;
  const own = wanted.filter((file) => file.run === run);
  return own.length > 0 ? own : wanted.filter((file) => file.run === undefined);
}
