import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Codec } from "./settings.ts";

type Coder = (bytes: Uint8Array) => Uint8Array;

/** How to compress. The writer brings snappy. */
export const compressors: Readonly<Partial<Record<Codec, Coder>>> = {
  ZSTD: (bytes) => zstdCompressSync(bytes),
  GZIP: (bytes) => gzipSync(bytes),
};

/** How to decompress. The reader brings snappy. */
export const decompressors: Readonly<Partial<Record<Codec, Coder>>> = {
  ZSTD: (bytes) => zstdDecompressSync(bytes),
  GZIP: (bytes) => gunzipSync(bytes),
};
