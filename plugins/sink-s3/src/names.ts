import { DecantError, type SinkOpenOptions } from "@decant/core";
import { folderOf } from "./address.ts";

/** No part of a stream's name begins with a digit, and each run's name does: so they tell apart. */
const streamForm = "[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*";
const runForm = "[0-9][A-Za-z0-9-]*";
const extension = ".ndjson";

/** An object of a folder, as its key tells. */
export interface NamedObject {
  readonly key: string;
  readonly stream: string;
  /** Absent: it is of a run that did not add to others. */
  readonly run?: string;
}

/** The objects that a stream may have in a folder. */
export interface StreamPlace {
  /** Where this run writes it. */
  readonly key: string;
  /** The same, had `gzip` been set otherwise. */
  readonly other: string;
}

/** Whether a name or an option says that the object is compressed. */
export function isGzip(key: string, option = false): boolean {
  return option || key.toLowerCase().endsWith(".gz");
}

/**
 * Names the object of each stream: `events.ndjson`, or `events-<run>.ndjson` where the run adds to
 * others, with `.gz` behind it where it is compressed.
 *
 * @throws {DecantError} `OUTPUT_INVALID` for names that no object can be named after.
 */
export function namePlaces(
  folder: string,
  { streams, append = false, run, options }: SinkOpenOptions,
): Map<string, StreamPlace> {
  if (append && !isForm(run, runForm)) {
    throw invalid(`the run "${run}"`, "Begin it with a digit, as in 20260131T120000Z-0a1b.");
  }
  const places = new Map<string, StreamPlace>();
  for (const { name } of streams) {
    if (!isForm(name, streamForm)) {
      throw invalid(`the stream "${name}"`, "Use lower-case words with dashes between them.");
    }
    const plain = `${folderOf(folder)}${name}${append ? `-${run}` : ""}${extension}`;
    const compressed = `${plain}.gz`;
    const gzip = options["gzip"] === true;
    places.set(name, gzip ? { key: compressed, other: plain } : { key: plain, other: compressed });
  }
  return places;
}

/**
 * Reads the key of an object.
 *
 * @returns Nothing where it is none that {@linkcode namePlaces} gives.
 */
export function parseName(folder: string, key: string): NamedObject | undefined {
  const prefix = folderOf(folder);
  if (!key.startsWith(prefix)) return undefined;
  const form = new RegExp(`^(${streamForm})(?:-(${runForm}))?\\${extension}(?:\\.gz)?$`);
  const [, stream, run] = form.exec(key.slice(prefix.length)) ?? [];
  if (stream === undefined) return undefined;
  return { key, stream, ...(run !== undefined && { run }) };
}

function isForm(text: string, form: string): boolean {
  return new RegExp(`^${form}$`).test(text);
}

function invalid(what: string, hint: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot name an object after ${what}: it is malformed`, {
    kind: "usage",
    hint,
  });
}
