import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DecantError, type Row, type Sink, type SinkOpenOptions } from "@decant/core";
import { attempt, makeFolder, syncFolder } from "@decant/core/file";
import { clearPlace, partOf, removeFile } from "./clear-place.ts";
import { destinationKind } from "./destination-kind.ts";
import type { FileFormat } from "./file-format.ts";
import { namePlaces, type StreamPlace } from "./folder-names.ts";
import { openFileTarget } from "./open-file-target.ts";
import { parseFolderPosition } from "./parse-position.ts";
import { createRowWriter } from "./row-writer.ts";
import type { Target } from "./target.ts";

/** Opens a folder that gets one file a stream, each with its first row. */
export async function openFolder(options: SinkOpenOptions, format: FileFormat): Promise<Sink> {
  const { destination: folder, position, force, finishing = false } = options;
  const places = namePlaces(options, format.extension);
  const frames = new Map(
    options.streams.map((stream) => [stream.name, format.frame(stream, options.options)]),
  );
  await requireFolder(folder);
  const ends = position === undefined ? undefined : parseFolderPosition(position, places);
  const files = new Map<string, StreamFile>();

  async function openFile(stream: string): Promise<StreamFile> {
    const place = places.get(stream);
    const frame = frames.get(stream);
    if (!place || !frame)
      throw new TypeError(`Cannot write rows of "${stream}": it was not named at open()`);
    const bytes = ends?.get(stream);
    const target = await openFileTarget({
      destination: place.path,
      gzip: options.options["gzip"] === true,
      finishing,
      force,
      frame,
      ...(bytes !== undefined && { position: { bytes } }),
    });
    const file = { target, writeRows: createRowWriter(target, frame) };
    files.set(stream, file);
    return file;
  }

  try {
    for (const stream of ends?.keys() ?? []) await openFile(stream);
    if (ends) await removeUnknown(places, files);
    else await clearPlaces(places, force);
    await prepareFolder(folder);
  } catch (error) {
    await closeAll(files);
    throw error;
  }
  return createSink({ folder, places, force, files, openFile, ends: ends ?? new Map() });
}

interface StreamFile {
  readonly target: Target;
  readonly writeRows: (rows: readonly Row[]) => Promise<void>;
}

interface OpenFolder {
  readonly folder: string;
  readonly places: ReadonlyMap<string, StreamPlace>;
  readonly force: boolean;
  readonly files: ReadonlyMap<string, StreamFile>;
  /** Where each stream ended at the last commit. */
  readonly ends: Map<string, number>;
  openFile(stream: string): Promise<StreamFile>;
}

function createSink({ folder, places, force, files, ends, openFile }: OpenFolder): Sink {
  const changed = new Map<string, Target>();
  return {
    async write(stream, rows) {
      const { target, writeRows } = files.get(stream) ?? (await openFile(stream));
      changed.set(stream, target);
      await writeRows(rows);
    },
    async commit() {
      for (const [stream, target] of changed) ends.set(stream, (await target.commit()).bytes);
      changed.clear();
      return { bytes: Object.fromEntries(ends) };
    },
    async finish() {
      for (const { target } of files.values()) await target.finish();
      if (force) await removeReplaced(places, { folder, files });
    },
    [Symbol.asyncDispose]: () => closeAll(files),
  };
}

async function closeAll(files: ReadonlyMap<string, StreamFile>): Promise<void> {
  for (const { target } of files.values()) await target[Symbol.asyncDispose]();
}

async function requireFolder(path: string): Promise<void> {
  const kind = await destinationKind(path);
  if (kind === "folder" || kind === "free") return;
  throw new DecantError("OUTPUT_INVALID", `Cannot write "${path}": it is no folder`, {
    kind: "usage",
    hint: "Several streams, and runs that add to earlier ones, need a folder: name one, or a free name.",
  });
}

async function prepareFolder(folder: string): Promise<void> {
  await attempt(`create "${folder}"`, async () => {
    const made = await makeFolder(folder);
    await syncFolder(resolve(folder), made && dirname(made));
    await access(folder, constants.W_OK);
  });
}

type Places = ReadonlyMap<string, StreamPlace>;

async function clearPlaces(places: Places, force: boolean): Promise<void> {
  for (const { path, other } of places.values()) {
    for (const destination of [path, other]) await clearPlace({ destination, force });
  }
}

/** Drops the files of streams that had no row yet when the position was taken. */
async function removeUnknown(places: Places, files: ReadonlyMap<string, unknown>): Promise<void> {
  for (const [stream, { path }] of places) if (!files.has(stream)) await removeFile(partOf(path));
}

/** Drops what this run replaces by nothing, or by a file of the other form. */
async function removeReplaced(
  places: Places,
  { folder, files }: { folder: string; files: ReadonlyMap<string, unknown> },
): Promise<void> {
  for (const [stream, { path, other }] of places) {
    await removeFile(other);
    if (!files.has(stream)) await removeFile(path);
  }
  await attempt(`write "${folder}"`, () => syncFolder(resolve(folder)));
}
