import { join } from "node:path";
import { DecantError, type SinkOpenOptions } from "@decant/core";

/** No part of a stream's name begins with a digit, and each run's name does: so they tell apart. */
const streamForm = "[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*";
const runForm = "[0-9][A-Za-z0-9-]*";

/** A file of a folder, as its name tells. */
export interface FolderFile {
  readonly name: string;
  readonly stream: string;
  /** Absent: it is of a run that did not add to others. */
  readonly run?: string;
  /** Whether it is still worked on. */
  readonly part: boolean;
}

/** The files that a stream may have in a folder. */
export interface StreamPlace {
  /** Where this run writes it. */
  readonly path: string;
  /** The same, had `gzip` been set otherwise. */
  readonly other: string;
}

/**
 * Names the file of each stream: `events.ndjson`, or `events-<run>.ndjson` where the run adds to
 * others, with `.gz` behind it where it is compressed.
 *
 * @throws {DecantError} `OUTPUT_INVALID` for names that no file can be named after.
 */
export function namePlaces(
  { destination, streams, append = false, run, options }: SinkOpenOptions,
  extension: string,
): Map<string, StreamPlace> {
  if (append && !isForm(run, runForm)) {
    throw invalid(`the run "${run}"`, "Begin it with a digit, as in 20260131T120000Z-0a1b.");
  }
  const places = new Map<string, StreamPlace>();
  for (const { name } of streams) {
    if (!isForm(name, streamForm)) {
      throw invalid(`the stream "${name}"`, "Use lower-case words with dashes between them.");
    }
    const plain = join(destination, `${name}${append ? `-${run}` : ""}${extension}`);
    const compressed = `${plain}.gz`;
    const gzip = options["gzip"] === true;
    places.set(
      name,
      gzip ? { path: compressed, other: plain } : { path: plain, other: compressed },
    );
  }
  return places;
}

/**
 * Reads the name of a file.
 *
 * @returns Nothing where it is none that {@linkcode namePlaces} gives.
 */
export function parseFileName(name: string, extension: string): FolderFile | undefined {
  const form = `^(${streamForm})(?:-(${runForm}))?${extension.replaceAll(".", "\\.")}(?:\\.gz)?(\\.part)?$`;
  const [, stream, run, part] = new RegExp(form).exec(name) ?? [];
  if (stream === undefined) return undefined;
  return { name, stream, ...(run !== undefined && { run }), part: part !== undefined };
}

function isForm(text: string, form: string): boolean {
  return new RegExp(`^${form}$`).test(text);
}

function invalid(what: string, hint: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot name a file after ${what}: it is malformed`, {
    kind: "usage",
    hint,
  });
}
