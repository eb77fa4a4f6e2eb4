import { type FileHandle, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Stream } from "@decant/core";
import { attempt, syncFolder } from "@decant/core/file";
import { mutableOf } from "./held.ts";
import { type HeldLine, keyOf, readHeld } from "./held-line.ts";
import { createFile } from "./journal.ts";
import type { Series } from "./manifest.ts";
import { addedPath, heldPath } from "./run-folder.ts";

interface MergeOptions {
  readonly state: string;
  readonly run: string;
  readonly series: Series;
  readonly streams: readonly Stream[];
  /** Rows that never change are held no longer if they are from before. Absent: all are held. */
  readonly since?: string | undefined;
}

const encoder = new TextEncoder();
const bytesAtOnce = 1 << 16;

/**
 * Writes what is held for the next run: what was, and what this run added, without what cannot come
 * again. It reads line by line, and doing it twice gives the same file.
 *
 * @returns The size of the file, in bytes.
 */
export async function mergeHeld(options: MergeOptions): Promise<number> {
  const { state, run } = options;
  const path = heldPath(state, run);
  return await attempt(`write "${path}"`, async () => {
    const file = await createFile(`${path}.new`);
    let size = 0;
    try {
      size = await writeLines(file, linesOf(options));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await syncFolder(dirname(path));
    return size;
  });
}

async function* linesOf({
  state,
  run,
  series,
  streams,
  since,
}: MergeOptions): AsyncGenerator<HeldLine> {
  const mutable = mutableOf(streams);
  const added = addedPath(state, run);
  const changed = new Set<string>();
  for await (const [stream, id] of readHeld(added)) {
    if (mutable.has(stream)) changed.add(keyOf(stream, id));
  }
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  const stays = ([stream, , time]: HeldLine) =>
    mutable.has(stream) || time === null || !(Date.parse(time) < from);
  if (series.previous) {
    for await (const line of readHeld(heldPath(state, series.previous.run))) {
      if (stays(line) && !changed.has(keyOf(line[0], line[1]))) yield line;
    }
  }
  for await (const line of readHeld(added)) if (stays(line)) yield line;
}

async function writeLines(file: FileHandle, lines: AsyncIterable<HeldLine>): Promise<number> {
  let size = 0;
  let text = "";
  async function flush(): Promise<void> {
    const bytes = encoder.encode(text);
    await file.appendFile(bytes);
    size += bytes.byteLength;
    text = "";
  }
  for await (const line of lines) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length >= bytesAtOnce) await flush();
  }
  await flush();
  return size;
}
