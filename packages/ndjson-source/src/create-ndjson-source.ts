import { createIdentifier, DecantError, type Source, type Stream } from "@decant/core";
import { isJsonNamed } from "./parse-line.ts";
import { planFiles } from "./plan-files.ts";
import { readFileRows } from "./read-file-rows.ts";
import { readArgs } from "./slice-args.ts";

// As @decant/sentry-source reads them, so that both give an event the same key.
const eventId = [
  [["projectID"], ["project_id"]],
  [["eventID"], ["event_id"]],
];
const eventTime = [
  ["dateCreated"],
  ["date_created"],
  ["dateReceived"],
  ["date_received"],
  ["startTimestamp"],
  ["start_timestamp"],
];

/** Which files to read, and what their rows are. */
export interface NdjsonSourceOptions {
  /**
   * Paths, read in this order. Absolute ones, where a resume may run in another folder: they are
   * the source's identity. What begins as gzip does is decompressed, whatever its name.
   */
  readonly files: readonly string[];
  /** The stream that the rows belong to. @default {`events`, with no columns} */
  readonly stream?: Stream;
  /**
   * Where the parts of a row's id lie, each a list of keys; they are joined with `/`.
   *
   * @default {where `stream.id` says, or else project and event of a Sentry event; of a row without,
   * its file and its place there}
   */
  readonly id?: readonly (readonly string[])[];
  /**
   * Where a row's time lies: text with a date, or seconds since 1970.
   *
   * @default {where `stream.time` says, or else where Sentry's events have it}
   */
  readonly time?: readonly string[];
  /** The longest line that is read, in bytes. @default {67_108_864} */
  readonly maxLineBytes?: number;
}

/**
 * Makes a source of files with one JSON value a line: NDJSON, or a JSON array as decant's `json`
 * sink writes it. Rows keep their bytes. Each line is checked, and one that is damaged ends the
 * reading with an error that names it: nothing is skipped but lines without anything in them.
 *
 * @param options Which files to read, and what their rows are.
 * @returns A source with one stream, and one slice a file. Nothing is opened before it is used.
 * @throws {DecantError} `NDJSON_OPTION_INVALID`. Reading throws more, see the README.
 *
 * @example
 * ```ts
 * import { createNdjsonSource } from "@decant/ndjson-source";
 *
 * async function countRows(files: readonly string[]): Promise<number> {
 *   const source = createNdjsonSource({ files });
 *   const { signal } = new AbortController();
 *   let count = 0;
 *   for (const slice of await source.plan({ to: new Date().toISOString() }, { signal })) {
 *     for await (const { rows } of source.read(slice, { signal })) count += rows.length;
 *   }
 *   return count;
 * }
 * ```
 */
export function createNdjsonSource(options: NdjsonSourceOptions): Source {
  const { files, stream = { name: "events", columns: [] }, id, time } = options;
  const { maxLineBytes = 64 * 1024 * 1024 } = options;
  checkFiles(files);
  checkPaths([...(id ?? []), ...(time ? [time] : [])], id);
  if (!(maxLineBytes >= 1)) {
    throw invalid(`Cannot read lines of ${maxLineBytes} bytes`, "Give a number of 1 or more.");
  }
  const required = id?.map((path) => [path]);
  const identifier = createIdentifier({
    id: required ?? stream.id ?? eventId,
    time: time ? [time] : (stream.time ?? eventTime),
  });

  return {
    identity: `files ${JSON.stringify(files)}`,
    streams: [stream],
    // One after another, so that rows come in the order of the files.
    lanes: { files: { concurrency: 1 } },
    plan(range, { signal }) {
      return planFiles(files, { stream: stream.name, range, signal });
    },
    read(slice, { cursor, signal }) {
      const args = readArgs(slice, files);
      const { file } = args;
      return readFileRows(args, {
        identifier,
        ...(required && { required }),
        maxLineBytes,
        jsonNamed: isJsonNamed(file),
        ...(cursor !== undefined && { cursor }),
        signal,
      });
    },
  };
}

function checkFiles(files: readonly string[]): void {
  if (files.length === 0) {
    throw invalid("Cannot read files: none is named", "Name at least one file.");
  }
  if (files.includes("-")) {
    throw invalid(
      'Cannot read "-": standard input cannot be read again when an export is resumed',
      "Save it as a file first, and name that.",
    );
  }
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) {
    throw invalid(`Cannot read "${twice}" twice: its rows would come twice`, "Name it once.");
  }
}

function checkPaths(paths: readonly (readonly string[])[], id: NdjsonSourceOptions["id"]): void {
  if (id?.length !== 0 && paths.every((path) => path.length > 0)) return;
  throw invalid("Cannot read ids or times: a path is empty", "Give each path at least one key.");
}

function invalid(message: string, hint: string): DecantError {
  return new DecantError("NDJSON_OPTION_INVALID", message, { kind: "usage", hint });
}
