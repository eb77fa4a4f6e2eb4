import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DecantError, type SinkReadOptions } from "@decant/core";
import type { FileFormat } from "./file-format.ts";
import { type FolderFile, parseFileName } from "./folder-names.ts";
import { isGzip } from "./is-gzip.ts";
import { readError } from "./read-error.ts";
import { readRows } from "./read-rows.ts";

/**
 * Reads the rows of a folder's files, stream by stream.
 *
 * @throws {DecantError} of kind `verify` when a file is not finished, or not as decant writes it.
 */
export async function* readFolder(
  options: SinkReadOptions,
  format: FileFormat,
): AsyncGenerator<{ stream: string; json: Uint8Array[] }> {
  const { destination: folder, signal } = options;
  const files = choose(await findFiles(folder, format.extension), options);
  for (const { name, part } of files) if (part) throw unfinished(join(folder, name));
  for (const { name, stream } of files) {
    // The name alone decides: somebody may have compressed it since, or the other way round.
    const compressed = isGzip(name);
    const unframe = format.unframe(options.options);
    for await (const { json } of readRows(join(folder, name), { unframe, compressed, signal })) {
      yield { stream, json };
    }
  }
}

async function findFiles(folder: string, extension: string): Promise<FolderFile[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw readError(folder, error);
  });
  const files = names.flatMap((name) => parseFileName(name, extension) ?? []);
  return files.sort((one, other) => compare(keyOf(one), keyOf(other)));
}

/** The files of the run; it did not add to others if there are none with its name. */
function choose(files: readonly FolderFile[], { run, streams }: SinkReadOptions): FolderFile[] {
  const named = streams && new Set(streams.map(({ name }) => name));
  const wanted = files.filter(({ stream }) => named?.has(stream) ?? true);
  if (run === undefined) return wanted;
  const own = wanted.filter((file) => file.run === run);
  return own.length > 0 ? own : wanted.filter((file) => file.run === undefined);
}

/** Runs of a stream follow each other in time, as their names do. */
function keyOf({ stream, run = "" }: FolderFile): string {
  return `${stream} ${run}`;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function unfinished(path: string): DecantError {
  return new DecantError("OUTPUT_MISSING", `Cannot read "${path}": it is not finished`, {
    kind: "verify",
    hint: "Resume its export, or remove the file if nobody will.",
  });
}
