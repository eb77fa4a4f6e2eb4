import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { DecantError } from "@decant/core";
import { attempt } from "@decant/core/file";

/** What {@linkcode checkHead} looks at. */
export interface HeadOptions {
  readonly head: Uint8Array;
  /** How much of the file counts. */
  readonly bytes: number;
  readonly gzip: boolean;
}

/**
 * Makes sure that a file which is gone on with begins as it would begin today: a table whose columns
 * have changed meanwhile would be no table any more.
 *
 * @throws {DecantError} `STATE_MISMATCH`.
 */
export async function checkHead(path: string, options: HeadOptions): Promise<void> {
  if (options.head.byteLength === 0) return;
  if (await attempt(`read "${path}"`, () => begins(path, options))) return;
  throw new DecantError("STATE_MISMATCH", `Cannot go on in "${path}": it begins in another way`, {
    kind: "usage",
    hint: "Resume with the version that the export began with, or start it again with --force.",
  });
}

async function begins(path: string, { head, bytes, gzip }: HeadOptions): Promise<boolean> {
  let at = 0;
  for await (const chunk of read(path, { bytes, gzip })) {
    for (const byte of chunk) {
      if (at === head.byteLength) return true;
      if (byte !== head[at++]) return false;
    }
  }
  return at === head.byteLength;
}

function read(path: string, { bytes, gzip }: Omit<HeadOptions, "head">): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { end: bytes - 1 });
  return gzip ? pipeline(file, createGunzip(), () => {}) : file;
}
