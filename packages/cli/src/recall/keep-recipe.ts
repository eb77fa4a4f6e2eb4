import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writePrivateFile } from "@decant/token-cache/private-file";
import { recipePath } from "./recipe-path.ts";

/** How many are kept, and how many more there may be before the oldest ones go. */
const limit = { kept: 256, more: 64 } as const;

/** Keeps the recipe of a call, as text. Nothing is lost where it cannot be kept: the next call takes as long. */
export async function keepRecipe(name: string, text: string): Promise<void> {
  const path = recipePath(name);
  await writePrivateFile(path, text, { uid: process.getuid?.() })
    .then(() => prune(dirname(path)))
    .catch(() => {});
}

async function prune(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= limit.kept + limit.more) return;
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another process may have removed it.
      return { path, time: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  const oldest = files.sort((a, b) => b.time - a.time).slice(limit.kept);
  await Promise.all(oldest.map(({ path }) => rm(path, { force: true })));
}
