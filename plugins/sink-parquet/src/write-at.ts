import { type FileHandle, open } from "node:fs/promises";

/** How {@linkcode writeAt} writes. */
export interface WriteAtOptions {
  readonly position: number;
  /** Whether to wait until a power cut would lose nothing. @default {false} */
  readonly sync?: boolean;
}

/**
 * Writes into a file at a position, and makes it where that is its beginning. No file is held open:
 * an export by day may have more of them than a process may open.
 *
 * @returns Where the last byte ends.
 */
export async function writeAt(
  path: string,
  bytes: Uint8Array,
  { position, sync = false }: WriteAtOptions,
): Promise<number> {
  const file = await open(path, position === 0 ? "w" : "r+");
  try {
    await writeFully(file, bytes, { position });
    if (sync) await file.datasync();
    return position + bytes.byteLength;
  } finally {
    await file.close();
  }
}

/** Writes all bytes: one call to the system may write less than it was given. */
export async function writeFully(
  file: FileHandle,
  bytes: Uint8Array,
  { position }: Pick<WriteAtOptions, "position">,
): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const rest = bytes.byteLength - at;
    const { bytesWritten } = await file.write(bytes, at, rest, position + at);
    if (bytesWritten === 0) throw new Error("nothing more could be written");
    at += bytesWritten;
  }
}

/** Makes durable what was written into a file. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
