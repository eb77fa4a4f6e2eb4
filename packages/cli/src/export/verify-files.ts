import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { SinkPlugin } from "@decant/core";

/** A sink that notes, while its output is read, which files the rows stand for. */
export interface WatchedSink {
  readonly sink: SinkPlugin;
  /** SHA-256 of each file, which is its name in the folder too. */
  readonly files: ReadonlySet<string>;
}

/** Watches the rows of attachments as they are read back. `only` is the stream of an output that holds one. */
export function watchFiles(plugin: SinkPlugin, only: string | undefined): WatchedSink {
  const files = new Set<string>();
  const { read } = plugin;
  if (read === undefined) return { sink: plugin, files };
  const sink: SinkPlugin = {
    ...plugin,
    async *read(options) {
      for await (const batch of read.call(plugin, options)) {
        if ((batch.stream ?? only) === "attachments") note(batch.json, files);
        yield batch;
      }
    },
  };
  return { sink, files };
}

/** Reads the files in a folder back. Gives a sentence for each kind of trouble. */
export async function verifyFiles(folder: string, files: Iterable<string>): Promise<string[]> {
  const missing: string[] = [];
  const changed: string[] = [];
  for (const sha256 of files) {
    const path = `${sha256.slice(0, 2)}/${sha256}`;
    const found = await hashFile(join(folder, path));
    if (found === undefined) missing.push(path);
    else if (found !== sha256) changed.push(path);
  }
  return [
    ...(missing.length > 0 ? [`files of attachments that are not there: ${list(missing)}`] : []),
    ...(changed.length > 0 ? [`files of attachments that have changed: ${list(changed)}`] : []),
  ];
}

function note(rows: readonly Uint8Array[], files: Set<string>): void {
  for (const row of rows) {
    const file = fileOf(row);
    // What was redacted names no file, and a path that somebody put in is not followed.
    if (typeof file?.sha256 !== "string" || !/^[0-9a-f]{64}$/.test(file.sha256)) continue;
    if (file.path === `${file.sha256.slice(0, 2)}/${file.sha256}`) files.add(file.sha256);
  }
}

function fileOf(row: Uint8Array): { sha256?: unknown; path?: unknown } | null | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(row))?.file;
  } catch {
    // The digest tells that the row is not what was written.
    return undefined;
  }
}

async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return hash.digest("hex");
}

function list(paths: readonly string[]): string {
  const more = paths.length - 3;
  return `${paths.slice(0, 3).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
