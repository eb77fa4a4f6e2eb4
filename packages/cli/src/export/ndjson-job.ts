import { DecantError, type Json, type Source, type Stream } from "@decant/core";
import type { Job } from "@decant/pipeline";

/** The options of a source of files that are stored, so that a resume reads the same rows. */
export interface NdjsonJobOptions {
  /** Absolute. */
  readonly files: readonly string[];
  /** The name of the stream. */
  readonly stream: string;
  readonly id?: readonly (readonly string[])[];
  readonly time?: readonly string[];
}

/** Describes a source of files as a job stores it. */
export function ndjsonJob({ files, stream, id, time }: NdjsonJobOptions): Job["source"] {
  const options: Json = { files, stream, ...(id && { id }), ...(time && { time }) };
  return { name: "ndjson", options };
}

/**
 * Reads what {@linkcode ndjsonJob} stored.
 *
 * @throws {DecantError} `STATE_CORRUPT`.
 */
export function readNdjsonJob({ options }: Job["source"]): NdjsonJobOptions {
  const stored = (options ?? {}) as Partial<NdjsonJobOptions>;
  const { files, stream, id, time } = stored;
  const paths = [...(id ?? []), ...(time ? [time] : [])];
  if (isTexts(files) && typeof stream === "string" && paths.every(isTexts)) {
    return { files, stream, ...(id && { id }), ...(time && { time }) };
  }
  throw new DecantError("STATE_CORRUPT", "Cannot resume: the state does not say which files", {
    kind: "usage",
    hint: "Start the export again with --force.",
  });
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Makes the source of a job. */
export async function openNdjson(source: Job["source"]): Promise<Source> {
  const { stream, ...options } = readNdjsonJob(source);
  const { createNdjsonSource } = await import("@decant/ndjson-source");
  return createNdjsonSource({ ...options, stream: await streamOf(stream) });
}

/** The stream of a name, with its columns where they are known. */
async function streamOf(name: string): Promise<Stream> {
  const { sentryStreams } = await import("@decant/sentry-source");
  return sentryStreams.find((stream) => stream.name === name) ?? { name, columns: [] };
}
