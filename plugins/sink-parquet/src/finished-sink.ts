import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Sink } from "@decant/core";
import { findOutputs } from "./find-outputs.ts";
import type { Layout } from "./layout.ts";
import type { Seal, ShardState } from "./ledger.ts";
import { openFile } from "./open-file.ts";
import { finalPath } from "./place-files.ts";
import type { Position } from "./position.ts";
import { mismatch } from "./resume-work.ts";
import { dataPath } from "./shard.ts";

/** The sink of an output that was whole before a crash: it only has to be put in its place. */
export function createFinishedSink(position: Position, finish: () => Promise<void>): Sink {
  return {
    async write(_stream, rows) {
      if (rows.length > 0) throw new TypeError("Cannot write rows: the output is finished");
    },
    commit: async () => position,
    finish,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Whether the rows of a run lie in finished files. */
export async function isFinished(
  { destination, folder, run: suffix, streams }: Layout,
  { rows, run }: { readonly rows: number; readonly run: string },
): Promise<boolean> {
  const paths = [destination];
  if (folder) {
    const found = await findOutputs(destination).catch(() => undefined);
    if (!found) return false;
    const own = found.files.filter((file) => file.run === suffix);
    const named = own.filter(({ stream }) => stream === undefined || streams.has(stream));
    paths.splice(0, 1, ...named.map(({ path }) => join(destination, path)));
  }
  let sum = 0;
  for (const path of paths) sum += await rowsOf(path, run);
  return sum === rows && (folder || paths.length > 0);
}

/** How many rows of a run a file holds. */
async function rowsOf(path: string, run: string): Promise<number> {
  try {
    await using opened = await openFile(path);
    const { about, metadata } = opened;
    return about.get("decant.run") === run ? Number(metadata.num_rows) : Number.NaN;
  } catch {
    // What cannot be read is not finished.
    return Number.NaN;
  }
}

/** @throws {DecantError} `STATE_MISMATCH` where the file of a shard is not what was sealed. */
export async function isWhole(
  layout: Layout,
  shard: ShardState,
  sealed: Seal["sealed"],
): Promise<void> {
  const place = finalPath(layout, shard);
  for (const path of [dataPath(layout.work, shard.id), place]) {
    const found = await stat(path).catch(() => undefined);
    if (found && found.size === sealed[shard.id]) return;
  }
  throw mismatch(place, "it is not what was finished");
}
