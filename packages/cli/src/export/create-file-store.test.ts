import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createFileStore } from "./create-file-store.ts";

const info = { id: "1", name: "../../etc/passwd" };

async function emptyFolder(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "decant-files-")), "events.ndjson.files");
}

test("createFileStore() names files by their bytes, whatever their own names are", async () => {
  const folder = await emptyFolder();
  const store = createFileStore(folder);
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const saves = [1, 2, 3].map(() => store.save(new Blob([bytes]).stream(), info));
  for (const stored of await Promise.all(saves)) {
    expect(stored).toEqual({ sha256, bytes: 300_000, path: `${sha256.slice(0, 2)}/${sha256}` });
  }
  expect(await readdir(folder, { recursive: true })).toEqual([
    sha256.slice(0, 2),
    `${sha256.slice(0, 2)}/${sha256}`,
  ]);
  expect(new Uint8Array(await readFile(join(folder, sha256.slice(0, 2), sha256)))).toEqual(bytes);
});

test("createFileStore() keeps nothing of a body that fails", async () => {
  const folder = await emptyFolder();
  const store = createFileStore(folder);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(10));
      controller.error(new Error("cut off"));
    },
  });
  await expect(store.save(body, info)).rejects.toThrow("cut off");
  expect(await readdir(folder)).toEqual([]);
});

test("createFileStore() says why it cannot write", async () => {
  const store = createFileStore("/dev/null/files");
  await expect(store.save(new Blob(["a"]).stream(), info)).rejects.toMatchObject({
    code: "OUTPUT_INVALID",
  });
});
