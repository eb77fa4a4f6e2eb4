import { type FileHandle, open } from "node:fs/promises";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from "hyparquet";

/** A Parquet file that is open to be read. */
export interface OpenFile extends AsyncDisposable {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  /** What the file says of itself. */
  readonly about: ReadonlyMap<string, string>;
}

/**
 * Opens a Parquet file and reads its footer.
 *
 * @throws the system's error, or that of the reader where the file is no whole Parquet file.
 */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, "r");
  try {
    const file = { byteLength: (await handle.stat()).size, slice };
    if (file.byteLength < 12) throw new Error("it is too short");
    const metadata = await parquetMetadataAsync(file);
    const about = metadata.key_value_metadata ?? [];
    return {
      file,
      metadata,
      about: new Map(about.map(({ key, value = "" }) => [key, value])),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }

  async function slice(start: number, end?: number): Promise<ArrayBuffer> {
    const bytes = new Uint8Array((end ?? (await handle.stat()).size) - start);
    await readFully(handle, bytes, start);
    return bytes.buffer;
  }
}

async function readFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.byteLength - at, position + at);
    if (bytesRead === 0) throw new Error("it is cut off");
    at += bytesRead;
  }
}
