import { DecantError, type SinkPlugin } from "@decant/core";
import { addHashes, formatDigest } from "./digest.ts";
import type { Manifest } from "./manifest.ts";

/** How {@linkcode verifyExport} is called. */
export interface VerifyOptions {
  readonly manifest: Manifest;
  /** The sink that wrote the output. */
  readonly sink: SinkPlugin;
  /** Where the output lies now. @default {manifest.job.sink.destination} */
  readonly destination?: string;
  readonly signal?: AbortSignal;
}

/** What an output holds, and in what it differs from its manifest. */
export interface Verification {
  readonly ok: boolean;
  readonly rows: number;
  readonly bytes: number;
  readonly digest: string;
  /** Sentences. Empty when all is as it should be. */
  readonly problems: readonly string[];
}

/**
 * Reads an output back and compares it with its manifest.
 *
 * @param options The manifest, and the sink to read with.
 * @returns What was found. An output that differs is no error here.
 *
 * @throws {DecantError} `SINK_UNREADABLE` when the sink cannot read its outputs back, and what
 * the sink throws when the output is no longer of its format.
 *
 * @example
 * ```ts
 * import type { SinkPlugin } from "@decant/core";
 * import { readState, verifyExport } from "@decant/pipeline";
 *
 * async function isIntact(sink: SinkPlugin, path: string): Promise<boolean> {
 *   const state = await readState(path);
 *   return state.kind === "manifest" && (await verifyExport({ manifest: state.manifest, sink })).ok;
 * }
 * ```
 */
export async function verifyExport(options: VerifyOptions): Promise<Verification> {
  const { manifest, sink, signal } = options;
  const { name, options: sinkOptions } = manifest.job.sink;
  const destination = options.destination ?? manifest.job.sink.destination;
  if (!sink.read) {
    throw new DecantError(
      "SINK_UNREADABLE",
      `Cannot verify "${destination}": sink "${name}" keeps nothing to read`,
      {
        kind: "usage",
      },
    );
  }
  let rows = 0;
  let bytes = 0;
  let sum = 0n;
  const { run } = manifest;
  const pages = sink.read({ destination, options: sinkOptions, run, ...(signal && { signal }) });
  for await (const { json } of pages) {
    signal?.throwIfAborted();
    rows += json.length;
    for (const row of json) bytes += row.byteLength;
    sum = addHashes(sum, json);
  }
  const digest = formatDigest(sum);
  const problems = [
    ...(rows === manifest.rows ? [] : [`it holds ${rows} rows instead of ${manifest.rows}`]),
    ...(bytes === manifest.bytes
      ? []
      : [`its rows have ${bytes} bytes instead of ${manifest.bytes}`]),
    ...(digest === manifest.digest ? [] : ["its rows are not those that were written"]),
  ];
  return { ok: problems.length === 0, rows, bytes, digest, problems };
}
