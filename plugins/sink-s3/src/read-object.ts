import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { concatBytes, DecantError, isDecantError } from "@decant/core";
import { formatAddress } from "./address.ts";
import { isGzip } from "./names.ts";
import type { Store, StoredObject } from "./store.ts";

/** How much is asked for at once, in bytes: a request that broke off costs no more than that. */
const rangeBytes = 8 << 20;

export interface ReadObjectOptions {
  readonly store: Store;
  readonly key: string;
  /** What is there, as it was looked at. */
  readonly found: StoredObject;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads the rows of a finished object.
 *
 * @throws {DecantError} of kind `verify` when it is not as the sink writes it.
 */
export async function* readObject(
  options: ReadObjectOptions,
): AsyncGenerator<{ json: Uint8Array[] }> {
  const { store, key, signal } = options;
  const address = formatAddress({ bucket: store.bucket, key });
  let pieces: Uint8Array[] = [];
  try {
    for await (const chunk of readChunks(options)) {
      signal?.throwIfAborted();
      const json: Uint8Array[] = [];
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        const end = chunk.subarray(from, at);
        json.push(pieces.length > 0 ? concatBytes([...pieces, end]) : end);
        pieces = [];
        from = at + 1;
      }
      if (from < chunk.byteLength) pieces.push(chunk.subarray(from));
      for (const row of json) if (row.byteLength === 0) throw malformed(address, "a line is empty");
      if (json.length > 0) yield { json };
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw isDecantError(error) ? error : malformed(address, "it is no whole gzip file");
  }
  if (pieces.length > 0) throw malformed(address, "it is cut off");
}

function readChunks(options: ReadObjectOptions): AsyncIterable<Uint8Array> {
  const ranges = readRanges(options);
  if (!isGzip(options.key, options.store.options.gzip)) return ranges;
  // A failure of either stream ends the reading of the last, so there is nothing left to report.
  return pipeline(
    Readable.from(ranges, { objectMode: false }),
    createGunzip({ chunkSize: 1 << 18 }),
    () => {},
  );
}

async function* readRanges({
  store,
  key,
  found,
  signal,
}: ReadObjectOptions): AsyncGenerator<Uint8Array> {
  const { bytes, etag } = found;
  for (let from = 0; from < bytes; from += rangeBytes) {
    signal?.throwIfAborted();
    const to = Math.min(bytes, from + rangeBytes) - 1;
    const range = await store.get(key, { from, to, etag, signal });
    if (range.byteLength !== to - from + 1) {
      throw malformed(
        formatAddress({ bucket: store.bucket, key }),
        "the store gave less than asked",
      );
    }
    yield range;
  }
}

function malformed(address: string, state: string): DecantError {
  return new DecantError("OUTPUT_MALFORMED", `Cannot read "${address}": ${state}`, {
    kind: "verify",
    hint: "It was changed, or another program wrote it: restore it, or export it again.",
  });
}
