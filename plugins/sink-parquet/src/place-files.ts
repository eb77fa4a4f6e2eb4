import { rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { attempt, makeFolder, syncFolder } from "@decant/core/file";
import { type Layout, pathOf, rootOf } from "./layout.ts";
import type { ShardState } from "./ledger.ts";
import { exists, outputExists, replacedFiles } from "./replaced-files.ts";
import { dataPath } from "./shard.ts";

/** Where the file of a shard ends up. */
export function finalPath(layout: Layout, { stream, day }: ShardState): string {
  return join(rootOf(layout), pathOf(layout, stream, day));
}

/**
 * Moves whole files into their places, drops those that they replace, and removes what is left of
 * the work. It may be called again after it was interrupted.
 */
export async function placeFiles(
  layout: Layout,
  { shards, force }: { readonly shards: readonly ShardState[]; readonly force: boolean },
): Promise<void> {
  const folders = new Set([rootOf(layout)]);
  for (const shard of shards) {
    const from = dataPath(layout.work, shard.id);
    const to = finalPath(layout, shard);
    await attempt(`rename "${from}" to "${to}"`, async () => {
      // It was moved before a crash.
      if (!(await exists(from))) return;
      if (!force && (await exists(to))) throw outputExists(to);
      const made = await makeFolder(dirname(to));
      if (made !== undefined) folders.add(dirname(made));
      await rename(from, to);
      folders.add(dirname(to));
    });
  }
  await syncFolders(folders);
  if (force && layout.folder) await removeReplaced(layout, shards);
  await attempt(`remove "${layout.work}"`, () => rm(layout.work, { recursive: true, force: true }));
}

async function removeReplaced(layout: Layout, shards: readonly ShardState[]): Promise<void> {
  const own = new Set(shards.map((shard) => finalPath(layout, shard)));
  for (const { path } of await replacedFiles(layout)) {
    const old = join(layout.destination, path);
    if (own.has(old)) continue;
    await attempt(`remove "${old}"`, () => rm(old, { force: true }));
    // The folder of a day without rows goes, too, if nobody put something else there.
    for (let at = dirname(path); at !== "."; at = dirname(at)) {
      await rmdir(join(layout.destination, at)).catch(() => {});
    }
  }
  await syncFolders([layout.destination]);
}

async function syncFolders(folders: Iterable<string>): Promise<void> {
  for (const folder of folders) {
    await attempt(`write "${folder}"`, () => syncFolder(resolve(folder)));
  }
}
