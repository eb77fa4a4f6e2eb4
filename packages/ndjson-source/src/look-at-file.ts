import { type FileHandle, open, stat } from "node:fs/promises";
import { DecantError } from "@decant/core";
import { explainFile } from "./explain-file.ts";
import type { FileArgs, Look } from "./slice-args.ts";

/** Finds out what tells that a file is still the same, and whether it is compressed. */
export async function lookAtFile(file: string): Promise<Look> {
  const found = await stat(file).catch((error: unknown) => {
    throw explainFile(file, error);
  });
  if (!found.isFile()) {
    throw new DecantError("NDJSON_FILE_UNREADABLE", `Cannot read "${file}": it is no plain file`, {
      kind: "source",
      hint: "Only a file can be read again when an export is resumed: save it as one.",
    });
  }
  // Not all runtimes give fractions of a millisecond.
  const look = { size: found.size, modified: Math.floor(found.mtimeMs) };
  return { ...look, compressed: await isGzip(file) };
}

/**
 * Makes sure that a file is what it was when the export was planned.
 *
 * @throws {DecantError} `NDJSON_FILE_CHANGED`, as places in it mean nothing then.
 */
export async function requireUnchanged({ file, ...look }: FileArgs): Promise<void> {
  const { size, modified } = await lookAtFile(file);
  if (size === look.size && modified === look.modified) return;
  const how = size === look.size ? "it was written to" : `it has ${size} bytes, not ${look.size}`;
  throw new DecantError(
    "NDJSON_FILE_CHANGED",
    `Cannot read "${file}": it changed since the export began, ${how}`,
    { kind: "source", hint: "Put it back as it was and resume, or export again with --force." },
  );
}

/** Told by the first two bytes (RFC 1952, 2.3.1), with which no JSON begins. */
async function isGzip(file: string): Promise<boolean> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const magic = new Uint8Array(2);
    const { bytesRead } = await handle.read(magic, 0, 2, 0);
    return bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
  } catch (error) {
    throw explainFile(file, error);
  } finally {
    await handle?.close();
  }
}
