import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { concatBytes, DecantError, isDecantError } from "@decant/core";
import type { Unframe } from "./file-format.ts";
import { readError, restore } from "./read-error.ts";

/** How {@linkcode readRows} reads. */
export interface ReadRowsOptions {
  readonly unframe: Unframe;
  readonly compressed: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads the rows of a finished file, a chunk at a time.
 *
 * @throws {DecantError} of kind `verify` when the file is not as decant writes it.
 */
export async function* readRows(
  path: string,
  options: ReadRowsOptions,
): AsyncGenerator<{ json: Uint8Array[] }> {
  if (path === "-") throw notKept();
  const frame = options.unframe;
  let number = 0;
  try {
    for await (const lines of readLines(path, options)) {
      const json: Uint8Array[] = [];
      for (const line of lines) {
        number += 1;
        const row = frame.line(line);
        if (row === "malformed" || (row && !isRow(row))) throw malformed(path, number);
        if (row) json.push(row);
      }
      if (json.length > 0) yield { json };
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw isDecantError(error) ? error : readError(path, error);
  }
  if (!frame.ended()) throw cutOff(path);
}

async function* readLines(path: string, options: ReadRowsOptions): AsyncGenerator<Uint8Array[]> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of readChunks(path, options.compressed)) {
    options.signal?.throwIfAborted();
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const end = chunk.subarray(from, at);
      lines.push(pieces.length > 0 ? concatBytes([...pieces, end]) : end);
      pieces = [];
      from = at + 1;
    }
    if (from < chunk.byteLength) pieces.push(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (pieces.length > 0) throw cutOff(path);
}

function readChunks(path: string, compressed: boolean): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!compressed) return file;
  // A failure of either stream ends the reading of the last, so there is nothing left to report.
  return pipeline(file, createGunzip({ chunkSize: 1 << 18 }), () => {});
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const closing = new Map([
  [0x7b, 0x7d],
  [0x5b, 0x5d],
  [0x22, 0x22],
]);

/** Whether a line can be one JSON value: by its ends only, as the digest guards the rest. */
function isRow(line: Uint8Array): boolean {
  const close = closing.get(line[0] ?? 0);
  if (close) return line.byteLength > 1 && line.at(-1) === close;
  try {
    // Ends are not enough for numbers, words, and values with spaces around them.
    JSON.parse(decoder.decode(line));
    return line.at(-1) !== 13;
  } catch {
    return false;
  }
}

function malformed(path: string, line: number): DecantError {
  return new DecantError(
    "OUTPUT_MALFORMED",
    `Cannot read line ${line} of "${path}": it is not one row as decant writes it`,
    { kind: "verify", hint: `It was changed, or another program wrote it. ${restore}` },
  );
}

function cutOff(path: string): DecantError {
  return new DecantError("OUTPUT_MALFORMED", `Cannot read "${path}" to its end: it is cut off`, {
    kind: "verify",
    hint: restore,
  });
}

function notKept(): DecantError {
  return new DecantError("OUTPUT_UNREADABLE", 'Cannot read "-": nothing keeps what was printed', {
    kind: "verify",
    hint: "Export into a file to be able to verify it.",
  });
}
