import { copyFile, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { attempt, makeFolder, syncFolder, systemCode } from "@decant/core/file";

/** Where a series of runs keeps what it needs besides its state: `events.runs` for `events.decant`. */
export function runFolder(state: string): string {
  return `${state.replace(/\.decant$/, "")}.runs`;
}

/** The manifest of an earlier run. */
export function manifestPath(state: string, run: string): string {
  return join(runFolder(state), `${run}.decant`);
}

/** What was held when a run had ended. */
export function heldPath(state: string, run: string): string {
  return join(runFolder(state), `${run}.held`);
}

/** What a run adds to that while it goes on. */
export function addedPath(state: string, run: string): string {
  return `${heldPath(state, run)}.part`;
}

/** Makes the folder of a series, for good. */
export async function makeRunFolder(state: string): Promise<void> {
  const folder = runFolder(state);
  await attempt(`create "${folder}"`, async () => {
    const made = await makeFolder(folder);
    if (made !== undefined) await syncFolder(dirname(made));
  });
}

/** Keeps the manifest of a run before the state goes on to the next. */
export async function keepManifest(state: string, run: string): Promise<void> {
  const path = manifestPath(state, run);
  await attempt(`write "${path}"`, async () => {
    await copyFile(state, `${path}.new`);
    const file = await open(`${path}.new`, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await syncFolder(dirname(path));
  });
}

/** Removes what is held, and what a crash left of that, but for the files that are named. */
export async function sweepHeld(state: string, keep: readonly string[]): Promise<void> {
  const folder = runFolder(state);
  await attempt(`clear "${folder}"`, async () => {
    const names = await readdir(folder).catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return [];
      throw error;
    });
    for (const name of names) {
      const path = join(folder, name);
      if (!/\.held(\.part|\.new)?$/.test(name) || keep.includes(path)) continue;
      await rm(path, { force: true });
    }
  });
}
