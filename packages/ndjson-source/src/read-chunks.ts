import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { cutOff } from "./explain-file.ts";
import type { FileArgs } from "./slice-args.ts";

const chunkBytes = 1 << 18;

/**
 * Reads the text of a file from an offset on. A plain file is opened there; a compressed one is
 * read from its beginning, since nothing tells where in it the offset lies.
 */
export function readChunks(args: FileArgs, from: number): AsyncIterable<Uint8Array> {
  if (args.compressed) return skipBytes(gunzip(args), from);
  return createReadStream(args.file, { start: from, highWaterMark: chunkBytes });
}

async function* gunzip({ file, size }: FileArgs): AsyncGenerator<Uint8Array> {
  const input = createReadStream(file, { highWaterMark: chunkBytes });
  const text = createGunzip({ chunkSize: chunkBytes });
  // A failure of either stream ends the reading of the last, so there is nothing left to report.
  yield* pipeline(input, text, () => {}) as AsyncIterable<Uint8Array>;
  // What follows a member and is no other one is passed over without a word.
  if (text.bytesWritten !== size)
    throw cutOff(file, "there is something else behind its gzip data");
}

async function* skipBytes(
  chunks: AsyncIterable<Uint8Array>,
  count: number,
): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    if (left < chunk.byteLength) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}
