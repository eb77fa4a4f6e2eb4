import { type FileHandle, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { attempt, syncFolder } from "@decant/core/file";
import { createFile } from "./journal.ts";
import type { Manifest } from "./manifest.ts";

/** Slices are written in pieces of so many: an export of a large organisation has very many. */
const slicesAtOnce = 1000;

/** Puts a manifest in the place of the journal, at once and for good. */
export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  const temporary = `${path}.new`;
  await attempt(`write "${temporary}"`, async () => {
    const file = await createFile(temporary);
    try {
      await writeText(file, manifest);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  });
}

/** Indented for people, but for the slices: one a line. */
async function writeText(file: FileHandle, { slices, ...rest }: Manifest): Promise<void> {
  const head = JSON.stringify(rest, undefined, 2).slice(0, -2);
  await file.appendFile(`${head},\n  "slices": [`);
  for (let at = 0; at < slices.length; at += slicesAtOnce) {
    const lines = slices
      .slice(at, at + slicesAtOnce)
      .map((slice) => `\n    ${JSON.stringify(slice)}`);
    await file.appendFile((at > 0 ? "," : "") + lines.join(","));
  }
  await file.appendFile("\n  ]\n}\n");
}
