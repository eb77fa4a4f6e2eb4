import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sweepFolder } from "./sweep-folder.ts";

test("sweepFolder() removes what has ended or was left behind, once a day, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-"));
  const id = "0123456789abcdef".repeat(2);
  const now = Date.now();
  const dayMs = 86_400_000;
  async function put(name: string, time: number): Promise<void> {
    await writeFile(join(folder, name), "");
    await utimes(join(folder, name), new Date(time), new Date(time));
  }
  try {
    const kept = [`${id}-${id}.token`, `${id}.sock`, "notes.token", "swept"].sort();
    await put(kept[0]!, now + 1_000);
    await put(kept[1]!, now - dayMs + 1_000);
    await put("notes.token", 0);
    await put("swept", now - dayMs);
    await put(`${id}-${id.replace("0", "1")}.token`, now - 1_000);
    await put(`${id}-${id}.7.lock`, now - dayMs);
    await put(`${id}.part`, now - dayMs);
    await sweepFolder(folder, now);
    expect((await readdir(folder)).sort()).toEqual(kept);
    await put(`${id}.part`, 0);
    await sweepFolder(folder, now + dayMs - 1_000);
    expect(await readdir(folder)).toContain(`${id}.part`);
    await sweepFolder(folder, now + dayMs);
    expect((await readdir(folder)).sort()).toEqual(["notes.token", "swept"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
