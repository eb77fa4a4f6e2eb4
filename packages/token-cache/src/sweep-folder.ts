import { lstat, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "@decant/core/file";

const dayMs = 86_400_000;
const token = /^[0-9a-f]{32}-[0-9a-f]{32}\.token$/;
const leftover = /^[0-9a-f]{32}(-[0-9a-f]{32}\.\d+\.lock|\.part|\.sock)$/;

/**
 * Once a day, removes what nobody can need: tokens that have ended, and what processes left behind
 * that were killed. Whatever has another name stays.
 */
export async function sweepFolder(folder: string, now: number): Promise<void> {
  const marker = join(folder, "swept");
  const swept = await modified(marker);
  if (swept !== undefined && Math.abs(now - swept) < dayMs) return;
  await writeFile(marker, "", { mode: 0o600 });
  await utimes(marker, new Date(now), new Date(now));
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // The time of a token's file is when the token ends.
    const limit = token.test(name) ? now : leftover.test(name) ? now - dayMs : undefined;
    if (limit === undefined) continue;
    const time = await modified(path);
    if (time !== undefined && time <= limit) await rm(path, { force: true });
  }
}

async function modified(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).mtimeMs;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
