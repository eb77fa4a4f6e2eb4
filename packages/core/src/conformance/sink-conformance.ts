import assert from "node:assert/strict";
import type { OptionValue, SinkEntry } from "../plugin-data.ts";
import type { Output, SinkPlugin } from "../sink.ts";
import { appendCases } from "./sink-append-cases.ts";
import { createBench } from "./sink-bench.ts";
import { finishCases } from "./sink-finish-cases.ts";
import { resumeCases } from "./sink-resume-cases.ts";
import { troubleCases } from "./sink-trouble-cases.ts";
import { writeCases } from "./sink-write-cases.ts";
import type { TestFunction } from "./test-function.ts";

/** A row as it lies in an output. */
export interface SinkRow {
  /** Absent where an output holds one stream. */
  readonly stream?: string;
  readonly json: Uint8Array;
}

/** One output for one test, that nothing was written to. */
export interface SinkSetup {
  readonly destination: string;
  /** The sink's own options, as a host would give them. @default {{}} */
  readonly options?: Readonly<Record<string, OptionValue>>;
  /** For a sink that writes to the host's output. */
  readonly output?: Output;
  /** How to see the rows in the output. Absent: by the plugin's own `read`. */
  readRows?(): Promise<Iterable<SinkRow>>;
}

/** What {@linkcode sinkConformance} needs. */
export interface SinkConformanceOptions {
  /** The runner's `test`. */
  readonly test: TestFunction;
  readonly plugin: SinkPlugin;
  /** What package.json says about the sink. Absent: it is not compared. */
  readonly entry?: SinkEntry;
  /**
   * How many streams the outputs hold: a sink of many has to keep its word with one, too.
   * @default {plugin.streams}
   */
  readonly streams?: "one" | "many";
  /** Prepares a new output. Called once or more a test. */
  setUp(): Promise<SinkSetup>;
}

/**
 * Holds a sink to its contract: one test for each rule that applies to what the sink declares, as
 * `resume`, `streams` and `read` say. docs/sink-spec.md lists the rules.
 *
 * @param options The runner's `test`, the plugin, and where to write.
 *
 * @example
 * ```ts
 * import { test } from "node:test";
 * import type { SinkPlugin } from "@decant/core";
 * import { sinkConformance } from "@decant/core/conformance";
 *
 * const tables = new Map<string, Map<string, Uint8Array>>();
 *
 * const memory: SinkPlugin = {
 *   resume: "keyed",
 *   streams: "one",
 *   async open({ destination }) {
 *     const table = tables.get(destination) ?? new Map<string, Uint8Array>();
 *     tables.set(destination, table);
 *     return {
 *       async write(_stream, rows) {
 *         for (const { id, json } of rows) table.set(id, json);
 *       },
 *       commit: async () => ({ rows: table.size }),
 *       finish: async () => {},
 *       [Symbol.asyncDispose]: async () => {},
 *     };
 *   },
 * };
 *
 * sinkConformance({
 *   test,
 *   plugin: memory,
 *   async setUp() {
 *     const destination = crypto.randomUUID();
 *     return {
 *       destination,
 *       readRows: async () => [...tables.get(destination)!.values()].map((json) => ({ json })),
 *     };
 *   },
 * });
 * ```
 */
export function sinkConformance(options: SinkConformanceOptions): void {
  const { test, entry, setUp } = options;
  const plugin = { ...options.plugin, streams: options.streams ?? options.plugin.streams };
  if (entry) {
    test("the sink is what its package.json says", async () => {
      const declared = { resume: entry.resume, streams: entry.streams };
      const { resume, streams } = options.plugin;
      assert.deepEqual({ resume, streams }, declared);
    });
  }
  const cases = [...writeCases, ...finishCases, ...resumeCases, ...appendCases, ...troubleCases];
  for (const { name, when, run } of cases) {
    if (when && !when(plugin)) continue;
    test(name, async () => await run(await createBench(plugin, setUp)));
  }
}
