import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SinkPlugin, SinkReadOptions } from "@decant/core";
import { expect, test } from "vitest";
import { verifyFiles, watchFiles } from "./verify-files.ts";

const sha256 = createHash("sha256").update("bytes").digest("hex");
const path = `${sha256.slice(0, 2)}/${sha256}`;

async function filesOf(rows: readonly unknown[], stream: string): Promise<string[]> {
  const json = rows.map((row) =>
    new TextEncoder().encode(typeof row === "string" ? row : JSON.stringify(row)),
  );
  const plugin = {
    async *read() {
      yield { json };
    },
  } as unknown as SinkPlugin;
  const { sink, files } = watchFiles(plugin, stream);
  const read: number[] = [];
  for await (const batch of sink.read?.({} as SinkReadOptions) ?? []) read.push(batch.json.length);
  expect(read).toEqual([rows.length]);
  return [...files];
}

test("watchFiles() notes the files of attachments, and follows no path of a stranger", async () => {
  const rows = [
    { file: { sha256, path } },
    { file: { sha256, path: "../../etc/passwd" } },
    { file: { sha256: "../x", path: "../x" } },
    { file: null },
    { data: 1 },
    "no json",
    "null",
  ];
  expect(await filesOf(rows, "attachments")).toEqual([sha256]);
  expect(await filesOf(rows.slice(1), "attachments")).toEqual([]);
  expect(await filesOf(rows, "events")).toEqual([]);
});

test("verifyFiles() names what has changed and what is not there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-files-"));
  try {
    await mkdir(dirname(join(folder, path)));
    await writeFile(join(folder, path), "bytes");
    expect(await verifyFiles(folder, [sha256])).toEqual([]);
    await writeFile(join(folder, path), "bytez");
    const others = ["a", "b", "c", "d"].map((letter) => letter.repeat(64));
    const names = others.slice(0, 3).map((name) => `${name.slice(0, 2)}/${name}`);
    expect(await verifyFiles(folder, [sha256, ...others])).toEqual([
      `files of attachments that are not there: ${names.join(", ")} and 1 more`,
      `files of attachments that have changed: ${path}`,
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
