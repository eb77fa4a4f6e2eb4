import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Column, createRow, type OptionValue, type Row, type Sink } from "@decant/core";
import { afterAll } from "vitest";
import { parquetSink } from "../parquet-sink.ts";

let outputs = 0;

/** Makes a folder for the outputs of a test file. @returns What names an output that is not there. */
export async function useFolder(): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), "decant-parquet-"));
  afterAll(() => rm(folder, { recursive: true }));
  return (name) => {
    outputs += 1;
    return join(folder, `${outputs}`, name);
  };
}

/** How {@linkcode openParquet} opens. */
export interface Opening {
  readonly columns?: readonly Column[];
  readonly streams?: readonly string[];
  readonly options?: Readonly<Record<string, OptionValue>>;
  readonly run?: string;
  readonly force?: boolean;
  readonly append?: boolean;
  readonly finishing?: boolean;
  readonly position?: Awaited<ReturnType<Sink["commit"]>>;
}

/** Opens the sink with what a test does not care about. */
export async function openParquet(destination: string, opening: Opening = {}): Promise<Sink> {
  const { columns = [], streams = ["events"], ...rest } = opening;
  const named = streams.map((name) => ({ name, columns }));
  const base = { options: {}, run: "20260101T000000Z-0a1b", force: false };
  return await parquetSink.open({ destination, ...base, ...rest, streams: named });
}

/** Writes rows and finishes. */
export async function exportRows(
  destination: string,
  rows: readonly Row[],
  opening: Opening = {},
): Promise<void> {
  await using sink = await openParquet(destination, opening);
  await sink.write("events", rows);
  await sink.commit();
  await sink.finish();
}

/** Makes a row of text. */
export function row(id: string, json: string, time?: string): Row {
  return createRow({ id, ...(time && { time }), json: new TextEncoder().encode(json) });
}

/** Reads the rows of an output back, as text. */
export async function readBack(destination: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { json } of parquetSink.read!({ destination, options: {} })) {
    texts.push(...json.map((bytes) => new TextDecoder().decode(bytes)));
  }
  return texts;
}
