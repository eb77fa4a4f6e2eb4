import { createHash } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { attempt, makeFolder, syncFolder } from "@decant/core/file";
import type { AttachmentStore } from "@decant/sentry-source";

/**
 * Makes a store of files in a folder, each named by the SHA-256 of its bytes: what comes twice is
 * there once, and no name that a stranger chose becomes a path. Rows tell the path within the folder.
 */
export function createFileStore(folder: string): AttachmentStore {
  let made: Promise<void> | undefined;

  return {
    async save(body) {
      made ??= prepare(folder);
      await made;
      const draft = join(folder, `${crypto.randomUUID()}.part`);
      try {
        const { sha256, bytes } = await write(draft, body);
        const path = `${sha256.slice(0, 2)}/${sha256}`;
        await attempt(`write "${join(folder, path)}"`, () => place(draft, join(folder, path)));
        return { sha256, bytes, path };
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}

async function prepare(folder: string): Promise<void> {
  await attempt(`create "${folder}"`, async () => {
    const top = await makeFolder(folder);
    await syncFolder(folder, top === undefined ? folder : dirname(top));
    // Of a process that died while it wrote.
    const drafts = (await readdir(folder)).filter((name) => name.endsWith(".part"));
    await Promise.all(drafts.map((name) => rm(join(folder, name), { force: true })));
  });
}

async function write(
  path: string,
  body: ReadableStream<Uint8Array>,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  const file = await attempt(`write "${path}"`, () => open(path, "wx"));
  let bytes = 0;
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await attempt(`write "${path}"`, () => file.writeFile(chunk));
    }
    await attempt(`write "${path}"`, () => file.sync());
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), bytes };
}

async function place(draft: string, path: string): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  await rename(draft, path);
  await syncFolder(folder, dirname(folder));
}
