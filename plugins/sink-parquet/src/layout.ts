import { basename, dirname, join, resolve } from "node:path";
import { DecantError, type SinkOpenOptions } from "@decant/core";

/** No part of a stream's name begins with a digit, and each run's name does: so they tell apart. */
const streamForm = "[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*";
const runForm = "[0-9][A-Za-z0-9-]*";
/** What Hive calls the partition of rows that have no value to go by. */
const noDay = "__HIVE_DEFAULT_PARTITION__";
const dayForm = `[0-9]{4}-[0-9]{2}-[0-9]{2}|${noDay}`;

/** Where the files of an output lie. */
export interface Layout {
  readonly destination: string;
  /** Whether the destination is a folder. */
  readonly folder: boolean;
  /** Whether each day has a folder of its own. */
  readonly byDay: boolean;
  /** The names of the streams. */
  readonly streams: ReadonlySet<string>;
  /** Absent: the run does not add to others. */
  readonly run: string | undefined;
  /** The folder of what is not finished. */
  readonly work: string;
}

/** A finished file of a folder, as its path tells. */
export interface OutputFile {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  /** Absent: the folder holds one stream. */
  readonly stream?: string;
  /** Absent: it is of a run that did not add to others. */
  readonly run?: string;
}

/**
 * Says where the files of an output lie.
 *
 * @throws {DecantError} `OUTPUT_INVALID` for names that no file can be named after.
 */
export function createLayout(
  { destination, streams, run, append = false }: SinkOpenOptions,
  { byDay }: { readonly byDay: boolean },
): Layout {
  if (append && !isForm(run, runForm)) {
    throw invalid(`the run "${run}"`, "Begin it with a digit, as in 20260131T120000Z-0a1b.");
  }
  for (const { name } of streams) {
    if (isForm(name, streamForm)) continue;
    throw invalid(`the stream "${name}"`, "Use lower-case words with dashes between them.");
  }
  const folder = streams.length > 1 || append || byDay;
  return {
    destination,
    folder,
    byDay,
    streams: new Set(streams.map(({ name }) => name)),
    run: append ? run : undefined,
    work: folder ? join(destination, workName(append ? run : undefined)) : `${destination}.part`,
  };
}

/** Where a stream's file, or that of one of its days, lies: relative to {@linkcode rootOf}. */
export function pathOf(layout: Layout, stream: string, day: string | undefined): string {
  const { folder, byDay, streams, run } = layout;
  if (!folder) return basename(layout.destination);
  if (!byDay) return `${stream}${run === undefined ? "" : `-${run}`}.parquet`;
  const above = streams.size > 1 || run !== undefined ? `${stream}/` : "";
  return `${above}date=${day ?? noDay}/part-${run ?? "0001"}.parquet`;
}

/** The folder that paths of files are relative to. */
export function rootOf({ destination, folder }: Layout): string {
  return folder ? destination : dirname(resolve(destination));
}

/** The name of the folder in which a run works. Readers of tables skip what begins with `_`. */
function workName(run = "export"): string {
  return `_${run}.part`;
}

/** @returns The run that works in a folder of this name: its name, `true` where it has none. */
export function parseWorkName(name: string): string | true | undefined {
  const [, run] = new RegExp(`^_(export|${runForm})\\.part$`).exec(name) ?? [];
  return run === "export" ? true : run;
}

/** Whether a folder of this name holds the rows of one day. */
export function isDayFolder(name: string): boolean {
  return isForm(name, `date=(?:${dayForm})`);
}

/** Whether a folder of this name may hold the days of a stream. */
export function isStreamName(name: string): boolean {
  return isForm(name, streamForm);
}

const plainFile = new RegExp(`^(${streamForm})(?:-(${runForm}))?\\.parquet$`);
const dayFile = new RegExp(
  `^(?:(${streamForm})/)?date=(?:${dayForm})/part-(?:0001|(${runForm}))\\.parquet$`,
);

/**
 * Reads the path of a file in a folder.
 *
 * @returns Nothing where it is none that {@linkcode pathOf} gives.
 */
export function parsePath(path: string): OutputFile | undefined {
  const found = plainFile.exec(path) ?? dayFile.exec(path);
  if (!found) return undefined;
  const [, stream, run] = found;
  return { path, ...(stream !== undefined && { stream }), ...(run !== undefined && { run }) };
}

function isForm(text: string, form: string): boolean {
  return new RegExp(`^(?:${form})$`).test(text);
}

function invalid(what: string, hint: string): DecantError {
  return new DecantError("OUTPUT_INVALID", `Cannot name a file after ${what}: it is malformed`, {
    kind: "usage",
    hint,
  });
}
