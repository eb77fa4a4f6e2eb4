import { stat } from "node:fs/promises";
import { DecantError } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";
import { findOutputs } from "./find-outputs.ts";
import type { Layout, OutputFile } from "./layout.ts";

/** Finds the finished files of a folder that an export would replace. */
export async function replacedFiles(layout: Layout): Promise<readonly OutputFile[]> {
  const { destination } = layout;
  const { files } = await attempt(`look at "${destination}"`, async () => {
    if (!(await exists(destination))) return { files: [] };
    return await findOutputs(destination);
  });
  return files.filter((file) => file.run === layout.run && isOwn(file, layout));
}

/** Days without a stream above them are those of an export of one stream, whatever its name is. */
function isOwn({ stream }: OutputFile, { streams, byDay, run }: Layout): boolean {
  if (stream === undefined) return byDay && streams.size === 1 && run === undefined;
  return streams.has(stream);
}

/** @throws {DecantError} `OUTPUT_EXISTS` where a file must stay. */
export async function refuseToReplace(layout: Layout, force: boolean): Promise<void> {
  if (force) return;
  const { destination, folder } = layout;
  const taken = folder
    ? (await replacedFiles(layout)).length > 0
    : await attempt(`look at "${destination}"`, () => exists(destination));
  if (taken) throw outputExists(destination);
}

/** Says that a file must stay. */
export function outputExists(path: string): DecantError {
  return new DecantError("OUTPUT_EXISTS", `Cannot write "${path}": it exists`, {
    kind: "usage",
    hint: "Choose another name, or replace it with --force.",
  });
}

/** Whether something is there. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}
