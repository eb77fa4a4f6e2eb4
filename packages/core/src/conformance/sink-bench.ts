import assert from "node:assert/strict";
import { createRow } from "../create-row.ts";
import { isDecantError } from "../decant-error.ts";
import type { Json } from "../json.ts";
import type { Row } from "../row.ts";
import type { Output, Sink, SinkOpenOptions, SinkPlugin } from "../sink.ts";
import type { Stream } from "../stream.ts";
import type { SinkRow, SinkSetup } from "./sink-conformance.ts";

/** One rule of the contract. */
export interface SinkCase {
  readonly name: string;
  /** Whether what the plugin declares makes the rule apply. Absent: always. */
  readonly when?: (plugin: SinkPlugin) => boolean;
  readonly run: (bench: SinkBench) => Promise<void>;
}

/** What a case works with: one output, and the ways to write and read it. */
export interface SinkBench {
  readonly plugin: SinkPlugin;
  /** The host's output, for a sink that writes to it. */
  readonly output: Output | undefined;
  open(options?: Partial<SinkOpenOptions>): Promise<Sink>;
  /** Opens a new output, writes, commits, and lets go as a crash would. */
  leave(
    rows: readonly Row[],
    lost?: readonly Row[],
    options?: Partial<SinkOpenOptions>,
  ): Promise<Json>;
  /** Opens a new output, writes and finishes. */
  complete(rows: readonly Row[], options?: Partial<SinkOpenOptions>): Promise<Json>;
  /** Opens at a position, writes what is missing and finishes. */
  resume(rows: readonly Row[], options: Partial<SinkOpenOptions>): Promise<void>;
  /** Fails unless the finished output holds just these rows. */
  holds(rows: readonly Row[], options?: HoldsOptions): Promise<void>;
  /** Whether the plugin tells the rows of one run from those of others. */
  readonly tellsRuns: boolean;
  /** Reads by the plugin's own `read`. */
  read(how?: ReadHow): ReturnType<NonNullable<SinkPlugin["read"]>>;
  /** The same for another output. */
  another(): Promise<SinkBench>;
}

interface ReadHow {
  readonly signal?: AbortSignal;
  readonly run?: string | undefined;
}

/** What {@linkcode SinkBench.holds} looks at. */
interface HoldsOptions {
  /** @default {the first one} */
  readonly stream?: string;
  /** Absent: the rows of all runs, in any order. */
  readonly run?: string;
}

export const streams: readonly [Stream, Stream] = [
  { name: "events", columns: columns() },
  { name: "issues", columns: columns() },
];

/** Prepares an output that nothing was written to. */
export async function createBench(
  plugin: SinkPlugin,
  setUp: () => Promise<SinkSetup>,
): Promise<SinkBench> {
  const { destination, options = {}, output, readRows } = await setUp();
  const tellsRuns = plugin.resume === "rewind" && plugin.read !== undefined && !readRows;

  let appended = false;

  async function open(more: Partial<SinkOpenOptions> = {}): Promise<Sink> {
    // Files of several runs come in any order.
    appended ||= more.append ?? false;
    return await plugin.open({
      destination,
      streams: plugin.streams === "one" ? streams.slice(0, 1) : streams,
      options,
      run: "conformance",
      force: false,
      ...(output && { output }),
      ...more,
    });
  }

  function read({ signal, run }: ReadHow = {}): ReturnType<NonNullable<SinkPlugin["read"]>> {
    assert(plugin.read, "the plugin has no read()");
    return plugin.read({
      destination,
      options,
      ...(run !== undefined && { run }),
      ...(signal && { signal }),
    });
  }

  async function* rowsIn(run: string | undefined): AsyncIterable<SinkRow> {
    if (readRows) yield* await readRows();
    else
      for await (const { json, ...rest } of read({ run }))
        for (const row of json) yield { ...rest, json: row };
  }

  return {
    plugin,
    output,
    open,
    read,
    tellsRuns,
    async leave(rows, lost = [], more = {}) {
      await using sink = await open(more);
      await sink.write(streams[0].name, rows);
      const position = plain(await sink.commit());
      await sink.write(streams[0].name, lost);
      return position;
    },
    complete: (rows, more) => writeAndFinish(open(more), rows),
    async resume(rows, more) {
      await writeAndFinish(open(more), rows);
    },
    async holds(rows, { stream = streams[0].name, run } = {}) {
      const found: string[] = [];
      for await (const row of rowsIn(run)) {
        if (row.stream === undefined || row.stream === stream) found.push(textOf(row.json));
      }
      const expected = rows.map(({ json }) => textOf(json));
      const ordered = plugin.resume !== "keyed" && !(appended && run === undefined);
      assert.deepEqual(ordered ? found : found.sort(), ordered ? expected : expected.sort());
    },
    another: () => createBench(plugin, setUp),
  };
}

/** Passes a position through JSON, as a state file does. */
export function plain(position: Json): Json {
  return JSON.parse(JSON.stringify(position));
}

/** Makes rows that are easy to tell apart, numbered from `first`. */
export function makeRows(count: number, first = 0): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return makeRow(number, `{"id":"${number}","n":${number},"title":"row ${number}"}`);
  });
}

/** Makes a row of exact text. */
export function makeRow(number: number, text: string): Row {
  const time = new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString();
  return createRow({ id: `project/${number}`, time, json: new TextEncoder().encode(text) });
}

/** Fails unless a step is refused with one of the contract's errors. */
export async function refuses(step: () => Promise<unknown>, code?: string): Promise<void> {
  await assert.rejects(step, (error: unknown) => {
    assert(isDecantError(error), `not a DecantError: ${error}`);
    if (code) assert.equal(error.code, code);
    return true;
  });
}

async function writeAndFinish(opening: Promise<Sink>, rows: readonly Row[]): Promise<Json> {
  await using sink = await opening;
  await sink.write(streams[0].name, rows);
  const position = plain(await sink.commit());
  await sink.finish();
  return position;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(json: Uint8Array): string {
  return decoder.decode(json);
}

function columns(): Stream["columns"] {
  return [
    { name: "id", type: "text", paths: [["id"]] },
    { name: "n", type: "int", paths: [["n"]] },
    { name: "title", type: "text", paths: [["title"]] },
  ];
}
