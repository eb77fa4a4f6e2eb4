import type { SinkPlugin } from "@decant/core";
import { checkOutput } from "./check-output.ts";
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

/** What was read of an output, or of one of its streams. */
export interface Reading {
  readonly rows: number;
  readonly bytes: number;
  readonly digest: string;
}

/** What an output holds, and in what it differs from its manifest. */
export interface Verification extends Reading {
  readonly ok: boolean;
  /** By name, where the sink tells the streams apart. */
  readonly streams: Readonly<Record<string, Reading>>;
  /** Sentences. Empty when all is as it should be. */
  readonly problems: readonly string[];
  /** Sentences on what could not be checked, and is no problem for that. */
  readonly notes: readonly string[];
}

/**
 * Reads an output back and compares it with its manifest: rows, bytes and digest of each stream, and
 * ids, where the rows of a stream say theirs: they must be those that were written, none of them twice.
 * It takes 8 bytes of memory a row, and reads a second time only where an id seems to be there twice.
 *
 * Of a series it reads what this run wrote. A later run may have put other rows in the place of
 * these where the sink overwrites them by id.
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
  return await checkOutput(options, { ids: true });
}
