import { type FileHandle, open, stat } from "node:fs/promises";
import { DecantError, type Row, type Stream } from "@decant/core";
import { attempt, systemCode } from "@decant/core/file";
import { createIdSet, type IdSet } from "./create-id-set.ts";
import { type HeldLine, hashOf, keyOf, readHeld, timeOf, toLine } from "./held-line.ts";
import { createFile } from "./journal.ts";
import type { Series } from "./manifest.ts";
import { addedPath, heldPath } from "./run-folder.ts";

const encoder = new TextEncoder();

/** The rows that earlier runs of a series wrote, as far as they may come again, and those of this run. */
export interface Held extends AsyncDisposable {
  /** Whether an earlier run wrote a row, of one that may change in just this text. */
  has(stream: string, row: Row): boolean;
  /** Takes note of rows that were written. */
  add(stream: string, rows: readonly Row[]): void;
  /** Resolves when what was added is on the disk, with the size of it all in bytes. */
  commit(): Promise<number>;
}

export interface HeldOptions {
  readonly state: string;
  readonly run: string;
  readonly series: Series;
  readonly streams: readonly Stream[];
  /** How much of what this run has added holds. Absent: it has just begun. */
  readonly length?: number;
}

/**
 * Opens what is held. It takes memory for each row of the last run's look-back, and none for those that
 * this run adds, but for streams whose rows may change.
 *
 * @throws {DecantError} `STATE_MISMATCH` when a file is gone or shorter than the state says.
 */
export async function openHeld(options: HeldOptions): Promise<Held> {
  const { state, run, series, length } = options;
  const added = addedPath(state, run);
  const mutable = mutableOf(options.streams);
  const known: Known = { ids: createIdSet(), texts: new Map() };
  if (series.previous) {
    const base = heldPath(state, series.previous.run);
    await requireSize(base, (size) => size === series.previous?.heldBytes);
    for await (const line of readHeld(base)) addTo(known, line);
  }
  const file = await openAdded(added, length);
  try {
    if (length !== undefined) {
      for await (const line of readHeld(added)) if (line[3] !== undefined) addTo(known, line);
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return createHeld(file, { path: added, length: length ?? 0, known, mutable, series });
}

/** What was written before. */
interface Known {
  /** Rows that never change. */
  readonly ids: IdSet;
  /** The hash of the last text of rows that may. */
  readonly texts: Map<string, string>;
}

function addTo({ ids, texts }: Known, [stream, id, , hash]: HeldLine): void {
  if (hash === undefined) ids.add(keyOf(stream, id));
  else texts.set(keyOf(stream, id), hash);
}

/** The names of the streams whose rows may change. */
export function mutableOf(streams: readonly Stream[]): ReadonlySet<string> {
  return new Set(streams.filter(({ mutable }) => mutable).map(({ name }) => name));
}

interface Parts {
  readonly path: string;
  length: number;
  readonly known: Known;
  readonly mutable: ReadonlySet<string>;
  readonly series: Series;
}

function createHeld(file: FileHandle, parts: Parts): Held {
  const { path, known, mutable, series } = parts;
  const after = series.after === undefined ? undefined : Date.parse(series.after);
  let fresh: string[] = [];

  return {
    has(stream, row) {
      const key = keyOf(stream, row.id);
      if (mutable.has(stream)) return known.texts.get(key) === hashOf(row);
      const time = timeOf(row);
      // What lies before was exported, and its ids are not kept.
      if (after !== undefined && time !== undefined && Date.parse(time) < after) return true;
      return known.ids.has(key);
    },
    add(stream, rows) {
      for (const row of rows) {
        const line = toLine(stream, row, mutable.has(stream));
        fresh.push(`${JSON.stringify(line)}\n`);
        if (line[3] !== undefined) addTo(known, line);
      }
    },
    async commit() {
      if (fresh.length > 0) {
        const bytes = encoder.encode(fresh.join(""));
        await attempt(`write "${path}"`, async () => {
          await file.appendFile(bytes);
          await file.datasync();
        });
        parts.length += bytes.byteLength;
        fresh = [];
      }
      return parts.length;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function openAdded(path: string, length: number | undefined): Promise<FileHandle> {
  if (length === undefined) return await attempt(`write "${path}"`, () => createFile(path));
  await requireSize(path, (size) => size >= length);
  return await attempt(`write "${path}"`, async () => {
    const file = await open(path, "a");
    try {
      // What was added later was not committed by the sink, and comes again.
      await file.truncate(length);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}

async function requireSize(path: string, fits: (size: number) => boolean): Promise<void> {
  const found = await attempt(`read "${path}"`, async () => {
    return await stat(path).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw error;
    });
  });
  if (found && fits(found.size)) return;
  const state = found ? "it is not as the last run left it" : "it is gone";
  throw new DecantError("STATE_MISMATCH", `Cannot tell what is held in "${path}": ${state}`, {
    kind: "usage",
    hint: "Put it back, or begin anew with --force: all is exported again then.",
  });
}
