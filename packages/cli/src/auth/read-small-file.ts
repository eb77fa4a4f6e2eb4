import { open } from "node:fs/promises";
import { DecantError } from "@decant/core";

/** Keys are a few kilobytes. */
const maxBytes = 1024 * 1024;

/**
 * Reads a file that must be small, such as a key. A pipe will do, as shells make one of `<(...)`.
 *
 * @throws {DecantError} `FILE_UNSUITABLE` when it is a device or too large.
 */
export async function readSmallFile(path: string): Promise<Uint8Array> {
  await using file = await open(path, "r");
  const found = await file.stat();
  if (found.isDirectory()) throw Object.assign(new Error("EISDIR"), { code: "EISDIR" });
  if (!found.isFile() && !found.isFIFO()) throw unsuitable(path, "it is no regular file");
  return await readSmallStream(file.createReadStream({ autoClose: false }), path);
}

/**
 * Reads a stream that must be small.
 *
 * @param stream Chunks of bytes.
 * @param name How a message names it.
 * @throws {DecantError} `FILE_UNSUITABLE` when it is too large.
 */
export async function readSmallStream(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw unsuitable(name, "it is larger than 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unsuitable(name: string, state: string): DecantError {
  return new DecantError("FILE_UNSUITABLE", `Cannot read "${name}": ${state}`, {
    kind: "usage",
    hint: "Give the path of the file that holds the key.",
  });
}
