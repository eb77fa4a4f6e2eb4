import type { FileHandle } from "node:fs/promises";

/**
 * Writes all parts with as few calls as the system allows: one call may write less than asked.
 *
 * @returns Where the last byte ends.
 */
export async function writeAll(
  file: Pick<FileHandle, "writev">,
  options: { readonly parts: readonly Uint8Array[]; readonly position: number },
): Promise<number> {
  let position = options.position;
  let rest = skipBytes(options.parts, 0);
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, position);
    if (bytesWritten === 0) throw new Error("nothing more could be written");
    position += bytesWritten;
    rest = skipBytes(rest, bytesWritten);
  }
  return position;
}

/** What is left after so many bytes, without empty parts. */
function skipBytes(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  const rest: Uint8Array[] = [];
  for (const part of parts) {
    if (skip < part.byteLength) rest.push(skip > 0 ? part.subarray(skip) : part);
    skip = Math.max(0, skip - part.byteLength);
  }
  return rest;
}
